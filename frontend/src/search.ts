const BEYOND_ASCII = /\P{ASCII}/u;

/** Worth asking the server for, as it decides itself: one Han character says something, one Latin letter does not. */
export const searchable = (typed: string): boolean => {
  const q = typed.trim();
  return q.length >= 2 || BEYOND_ASCII.test(q);
};
