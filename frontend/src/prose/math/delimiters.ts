/**
 * Writes every way of marking a formula as the one remark-math is set to know, `$$…$$`: on lines of its own for a
 * block, inside a line otherwise. `$…$` counts only as in Pandoc, so that "$5 到 $10" stays money. Code is left alone.
 */
const STARTS = /[`~\\$]/g;
const FENCE = /^[ \t>]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(`{3,}|~{3,})/;
const LEAD = /^([ \t>]*)((?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)$/;
const MONEY = /^\d+(?:[.,]\d+)*\s*(?:\p{Script=Han}|[A-Za-z]{2,}\s)/u;

interface Formula {
  tex: string;
  end: number;
  mayBeBlock: boolean;
}

export function dollars(text: string, { live }: { live: boolean }): string {
  if (!/\$|\\[([]/.test(text)) return text;
  const absent = new Set<string>();
  /** A closer that is not ahead once is never asked for again: hostile text stays linear. */
  const ahead = (closer: string, from: number): number => {
    if (absent.has(closer)) return -1;
    const at = text.indexOf(closer, from);
    if (at < 0) absent.add(closer);
    return at;
  };
  let done = "";
  let from = 0;
  let next = 0;

  for (;;) {
    STARTS.lastIndex = next;
    const at = STARTS.exec(text)?.index;
    if (at === undefined) return done + text.slice(from);
    const code = codeEnd(text, at, ahead);
    if (code !== null) {
      next = code;
      continue;
    }
    const formula = formulaAt(text, at, ahead);
    if (!formula) {
      const open = live ? openBlock(text, at) : null;
      if (open !== null) return done + text.slice(from, at) + open;
      next = at + (text[at] === "\\" || text.startsWith("$$", at) ? 2 : 1);
      continue;
    }
    done += text.slice(from, at) + written(text, at, formula);
    from = next = formula.end;
  }
}

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
};

/** Where the code that begins here ends; null where none begins. */
function codeEnd(text: string, at: number, ahead: (closer: string, from: number) => number): number | null {
  const char = text[at] ?? "";
  if (char !== "`" && char !== "~") return null;
  let ticks = 1;
  while (text[at + ticks] === char) ticks++;
  const run = char.repeat(ticks);
  if (ticks >= 3 && FENCE.exec(text.slice(lineStart(text, at), at + ticks))) {
    for (let line = lineEnd(text, at); line < text.length; line = lineEnd(text, line + 1)) {
      const words = text.slice(line + 1, lineEnd(text, line + 1)).replace(/^[ \t>]*/, "");
      if (words.startsWith(run) && words.replaceAll(char, "").trim() === "") return lineEnd(text, line + 1);
    }
    return text.length;
  }
  if (char === "~") return at + ticks;
  for (let end = ahead(run, at + ticks); end >= 0; end = text.indexOf(run, end)) {
    let width = ticks;
    while (text[end + width] === "`") width++;
    if (width === ticks) return end + ticks;
    end += width;
  }
  return at + ticks;
}

function formulaAt(
  text: string,
  at: number,
  ahead: (closer: string, from: number) => number,
): Formula | null {
  const two = text.slice(at, at + 2);
  const closer = { "\\[": "\\]", "\\(": "\\)", $$: "$$" }[two];
  if (closer) {
    const end = ahead(closer, at + 2);
    const tex = end < 0 ? "" : text.slice(at + 2, end).trim();
    if (!tex || /\n[ \t]*\n/.test(tex) || tex.includes("$$")) return null;
    return { tex, end: end + 2, mayBeBlock: two !== "\\(" };
  }
  if (two[0] !== "$" || /^\$\s?$/.test(two)) return null;
  const tex = /^[^$\n\\]*(?:\\.[^$\n\\]*)*/.exec(text.slice(at + 1, lineEnd(text, at)))?.[0] ?? "";
  const end = at + 1 + tex.length;
  if (!tex || text[end] !== "$" || /\s$/.test(tex) || /\d/.test(text[end + 1] ?? "") || MONEY.test(tex))
    return null;
  return { tex, end: end + 1, mayBeBlock: false };
}

/** What stands before a block on its line is repeated, or made blank, before each line of it: lists, quotes. */
const leadOf = (text: string, at: number): string | null => {
  const lead = LEAD.exec(text.slice(lineStart(text, at), at));
  return lead && (lead[1] ?? "") + " ".repeat(lead[2]?.length ?? 0);
};

function written(text: string, at: number, { tex, end, mayBeBlock }: Formula): string {
  const lead = leadOf(text, at);
  const alone = lead !== null && text.slice(end, lineEnd(text, end)).trim() === "";
  if (!mayBeBlock || !alone) return `$$${tex.replace(/\s*\n[ \t>]*/g, " ")}$$`;
  const lines = tex.split("\n").map((line) => lead + line.replace(/^[ \t>]*/, ""));
  return ["$$", ...lines, `${lead}$$`].join("\n");
}

/** A block that is still being written shows as one from its first sign on. */
function openBlock(text: string, at: number): string | null {
  if (!/^(?:\$\$|\\\[)$/.test(text.slice(at, at + 2))) return null;
  const lead = leadOf(text, at);
  const tex = text.slice(at + 2);
  if (lead === null || /\n[ \t]*\n/.test(tex.trimEnd())) return null;
  return `$$\n${lead}${tex.trimStart()}`;
}
