/** The form of the translation scenario: which language into which. What it asks for is said in the question itself. */
import { createCell } from "./cell";
import { type Locale, texts } from "./i18n";
import { readPref, writePref } from "./prefs";

export const LANGUAGES = ["zh", "en", "ja", "ko", "fr", "de", "es", "ru", "ar", "vi", "th"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Null is what the scenario does by itself: it sees the language it gets, and chooses the other one. */
export interface Pair {
  from: Language | null;
  to: Language | null;
}

const asLanguage = (word: string | undefined): Language | null =>
  LANGUAGES.find((known) => known === word) ?? null;

function kept(): Pair {
  const [from, to] = (readPref("translate") ?? "").split(">");
  return { from: asLanguage(from), to: asLanguage(to) };
}

export const pair = createCell<Pair>(kept());

export function setPair(next: Pair): void {
  writePref("translate", `${next.from ?? ""}>${next.to ?? ""}`);
  pair.set(next);
}

/** The two ways of a language pair; what is seen by itself stays so. */
export const swapped = ({ from, to }: Pair): Pair => ({ from: to, to: from });

export const languageName = (language: Language, locale: Locale): string =>
  new Intl.DisplayNames([locale], { type: "language" }).of(language) ?? language;

/** The words with what was chosen in the form put before them. */
export function asAsked(words: string, { from, to }: Pair, locale: Locale): string {
  if (!to) return words;
  const { into, fromInto } = texts().translate;
  const ask = from
    ? fromInto(languageName(from, locale), languageName(to, locale))
    : into(languageName(to, locale));
  return `${ask}\n\n${words}`;
}
