/** What the server painted before the script came, read once. */
import { type Me, me } from "./api/shapes";

/** What the server painted is on the screen before scripts take its place. A page in the background paints nothing. */
export const painted = (): Promise<void> =>
  new Promise((done) => {
    if (document.hidden) done();
    else requestAnimationFrame(() => setTimeout(done));
  });

export interface FirstWords {
  text: string;
  start: number;
  end: number;
  focused: boolean;
}

export function readFirstWords(): FirstWords | null {
  const box = document.getElementById("first-words");
  if (!(box instanceof HTMLTextAreaElement)) return null;
  return {
    text: box.value,
    start: box.selectionStart,
    end: box.selectionEnd,
    focused: document.activeElement === box,
  };
}

/** Null under `vite dev`, where no Django painted the page. */
export function readBoot(): Me | null {
  const text = document.getElementById("boot")?.textContent;
  if (!text) return null;
  try {
    return me(JSON.parse(text));
  } catch {
    return null;
  }
}

let words: FirstWords | null = null;
export const keepFirstWords = (): void => {
  words = readFirstWords();
};
/** The first composer takes them; the next one does not. */
export const takeFirstWords = (): FirstWords | null => {
  const taken = words;
  words = null;
  return taken;
};
