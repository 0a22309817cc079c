import type { DiagramAsk, DiagramTold } from "./worker";

const PATIENCE_MS = 8000;
let worker: Worker | null = null;
let count = 0;

/** By an element of its own each time: one that had another colour before may be on its way between the two. */
function colourOf(token: string): string {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

/** The page's own colours, as this moment's theme makes them. */
function colours(): DiagramAsk["colours"] {
  return {
    bg: colourOf("--code"),
    fg: colourOf("--text"),
    line: colourOf("--text-3"),
    accent: colourOf("--accent"),
    muted: colourOf("--text-2"),
    surface: colourOf("--surface"),
    border: colourOf("--control"),
  };
}

/** The SVG as text; null when it cannot be drawn, or not in time. It is only ever shown as an image: nothing in it runs. */
export function drawDiagram(source: string): Promise<string | null> {
  if (typeof Worker === "undefined") return Promise.resolve(null);
  worker ??= new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const on = worker;
  const ask: DiagramAsk = { id: ++count, source, colours: colours() };
  return new Promise((resolve) => {
    const end = (svg: string | null): void => {
      clearTimeout(timer);
      on.removeEventListener("message", hear);
      on.removeEventListener("error", giveUp);
      resolve(svg);
    };
    const hear = ({ data }: MessageEvent<DiagramTold>): void => {
      if (data.id === ask.id) end(data.svg);
    };
    const giveUp = (): void => {
      on.terminate();
      if (worker === on) worker = null;
      end(null);
    };
    const timer = setTimeout(giveUp, PATIENCE_MS);
    on.addEventListener("message", hear);
    on.addEventListener("error", giveUp);
    on.postMessage(ask);
  });
}
