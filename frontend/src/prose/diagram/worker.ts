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

async function drawn({ id, source, colours }: DiagramAsk): Promise<DiagramTold> {
  // elkjs takes a worker without a document for its own and then exports nothing (its lib/elk-worker.js).
  Object.assign(globalThis, { document: {} });
  const { renderMermaidSVG } = await import("beautiful-mermaid");
  const svg = renderMermaidSVG(source.replace(ACTS, ""), {
    ...colours,
    font: "system-ui",
    embedFontImport: false,
  });
  return { id, svg: svg.replace(/@import[^;]*;/g, "") };
}

addEventListener("message", (event: MessageEvent<DiagramAsk>) => {
  drawn(event.data)
    .catch((): DiagramTold => ({ id: event.data.id, svg: null }))
    .then((told) => postMessage(told));
});
