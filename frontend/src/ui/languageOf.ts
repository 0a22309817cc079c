const HAN = /\p{Script=Han}/gu;
const LATIN_WORD = /[A-Za-z]+/g;

/** Which voice should read it and which typography it gets: the majority of its words. */
export function languageOf(text: string): "zh" | "en" {
  const sample = text.slice(0, 2000);
  return (sample.match(HAN)?.length ?? 0) * 1.5 >= (sample.match(LATIN_WORD)?.length ?? 0) ? "zh" : "en";
}
