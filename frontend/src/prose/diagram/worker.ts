/** Draws a diagram as the text of an SVG, without a document: Mermaid itself writes inline styles our policy forbids. */
import type { RenderOptions } from "beautiful-mermaid";

export interface DiagramAsk {
  id: number;
  source: string;
  colours: RenderOptions;
}
export interface DiagramTold {
  id: number;
  svg: string | null;
}

/** Where diagrams would act or set themselves up; here they are pictures. */
const ACTS = /^[ \t]*(?:click|callback|link|links)[ \t].*$|%%\{[\s\S]*?\}%%/gm;

/** The stack of the page (tokens.css): an image sees the system's fonts, and nothing of the page's styles. */
const FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'PingFang SC', 'HarmonyOS Sans SC', MiSans, " +
  "'Microsoft YaHei UI', 'Noto Sans CJK SC', sans-serif";
/** As round as the page's chips. */
const ROUND = ".node[data-shape='rectangle'] > rect { rx: 6px; ry: 6px; }";

// elkjs takes a worker without a document for its own and exports nothing then (its lib/elk-worker.js);
// beautiful-mermaid, to hinder it, sets `self`, which in a worker can only be read.
Object.assign(globalThis, { document: {} });
Object.defineProperty(globalThis, "self", { value: self, writable: true, configurable: true });

async function drawn({ id, source, colours }: DiagramAsk): Promise<DiagramTold> {
  const { renderMermaidSVG } = await import("beautiful-mermaid");
  const svg = renderMermaidSVG(source.replace(ACTS, ""), {
    ...colours,
    font: "system-ui",
  });
  return {
    id,
    svg: svg
      .replace(/@import .*$/gm, "")
      .replaceAll("'system-ui', system-ui, sans-serif", FONTS)
      .replace("</style>", `  ${ROUND}\n</style>`),
  };
}

addEventListener("message", (event: MessageEvent<DiagramAsk>) => {
  drawn(event.data)
    .catch((): DiagramTold => ({ id: event.data.id, svg: null }))
    .then((told) => postMessage(told));
});
