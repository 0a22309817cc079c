/** The page's side of the worker: made with the first code that wants colours, gone if it breaks. */
import { languageNamed } from "./languages";
import type { Ask, Line, Told } from "./tokens";

const MOST_LINES = 2000;
const KEPT = 60;

const waiting = new Map<number, (lines: Line[] | null) => void>();
/** Kept, so that a thread opened again has its colours at once. */
const kept = new Map<string, Line[]>();
let worker: Worker | null = null;
let broken = false;
let count = 0;

function open(): Worker | null {
  if (worker || broken || typeof Worker === "undefined") return worker;
  worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Told>) => {
    waiting.get(data.id)?.(data.lines);
    waiting.delete(data.id);
  });
  worker.addEventListener("error", () => {
    broken = true;
    worker?.terminate();
    worker = null;
    for (const tell of waiting.values()) tell(null);
    waiting.clear();
  });
  return worker;
}

const keyOf = (code: string, language: string): string => `${language}\n${code}`;

export const wantsColours = (code: string, language: string): boolean =>
  languageNamed(language) !== null && code.split("\n", MOST_LINES + 1).length <= MOST_LINES;

export const knownColours = (code: string, language: string): Line[] | null =>
  kept.get(keyOf(code, language)) ?? null;

export async function colours(code: string, language: string): Promise<Line[] | null> {
  const known = knownColours(code, language);
  if (known) return known;
  const to = open();
  if (!to) return null;
  const ask: Ask = { id: ++count, code, language };
  const lines = await new Promise<Line[] | null>((resolve) => {
    waiting.set(ask.id, resolve);
    to.postMessage(ask);
  });
  if (lines) {
    kept.set(keyOf(code, language), lines);
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
  }
  return lines;
}
