const BEYOND_ASCII = /\P{ASCII}/u;

/** Worth asking the server for, as it decides itself: one Han character says something, one Latin letter does not. */
export const searchable = (typed: string): boolean => {
  const q = typed.trim();
  return q.length >= 2 || BEYOND_ASCII.test(q);
};

/** A piece of an answer torn out of its table or list: what was Markdown's sign there is only noise here. */
export const inWords = (text: string): string =>
  text
    .replace(/…?(?:\s*\|)*\s*:?-{3,}[\s|:-]*/g, "… ")
    .replace(/(^|\s)\|(?:\s+\|)*(?=\s|$)/g, "$1·")
    .replace(/\*\*|~~|`/g, "")
    .replace(/(^|\s)#{1,6}\s/g, "$1");
