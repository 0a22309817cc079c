const BEYOND_ASCII = /\P{ASCII}/u;

/** Worth asking the server for, as it decides itself: one Han character says something, one Latin letter does not. */
export const searchable = (typed: string): boolean => {
  const q = typed.trim();
  return q.length >= 2 || BEYOND_ASCII.test(q);
};

const SIGNS: Readonly<Record<string, string>> = {
  to: "→",
  approx: "≈",
  times: "×",
  cdot: "·",
  le: "≤",
  ge: "≥",
  ne: "≠",
  pm: "±",
  infty: "∞",
  pi: "π",
  Delta: "Δ",
};
const LATEX =
  /\\(?:[dt]?frac|sqrt|lim|sum|int|text|mathrm|left|right|to|approx|times|cdot|[lg]e|ne|pm|infty|pi|Delta)(?![A-Za-z])/;

/** Of a formula, what one would say aloud. It may be torn anywhere, so nothing is taken for a pair. */
const saidAloud = (formula: string): string =>
  formula
    .replace(/\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}/g, "($1)/($2)")
    .replace(/\\(?:[dt]?frac|left|right|text|mathrm|displaystyle)(?![A-Za-z])/g, "")
    .replace(/\\([A-Za-z]+)( ?)/g, (_, name: string, gap: string) => SIGNS[name] ?? name + gap)
    .replace(/[\\{}$_]/g, "");

/** A piece of an answer torn out of its table or list: what was Markdown's sign there is only noise here. */
export const inWords = (text: string): string =>
  (LATEX.test(text) ? saidAloud(text) : text.replace(/\$\$?(?!\s)([^$\n]*[^$\s])\$\$?(?!\d)/g, "$1"))
    .replace(/…?(?:\s*\|)*\s*:?-{3,}[\s|:-]*/g, "… ")
    .replace(/(^|\s)\|(?:\s+\|)*(?=\s|$)/g, "$1·")
    .replace(/\*\*|~~|`/g, "")
    .replace(/(^|\s)#{1,6}\s/g, "$1");
