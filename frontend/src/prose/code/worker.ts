/** Colours code away from the page's thread. Shiki's JavaScript engine: the page's policy allows no WebAssembly. */
import { createCssVariablesTheme } from "@shikijs/core";
import { createJavaScriptRegexEngine } from "@shikijs/engine-javascript";
import { codeToTokensBase, createShikiPrimitiveAsync } from "@shikijs/primitive";
import { GRAMMARS } from "./grammars";
import { languageNamed } from "./languages";
import { type Ask, joined, type Told } from "./tokens";

const LINE_LIMIT = 1000;
/**
 * For each line, since some patterns have lines that they never come to an end with. Patterns are made when they are
 * first needed, within it: for one line of C++ that was 0.6 s on a busy machine.
 */
const TIME_LIMIT_MS = 1000;
/** Looked at without a limit: most of a grammar's patterns are needed for its first line. */
const FIRST_LINE = "a = 1 # 1";

const shiki = createShikiPrimitiveAsync({
  themes: [createCssVariablesTheme()],
  langs: [],
  engine: createJavaScriptRegexEngine({ forgiving: true }),
});

async function colour({ id, code, language }: Ask): Promise<Told> {
  const lang = languageNamed(language);
  if (!lang) return { id, lines: null };
  const primitive = await shiki;
  await primitive.loadLanguage(GRAMMARS[lang]());
  const options = { lang, theme: "css-variables", tokenizeMaxLineLength: LINE_LIMIT };
  codeToTokensBase(primitive, FIRST_LINE, { ...options, tokenizeTimeLimit: 0 });
  const lines = codeToTokensBase(primitive, code, { ...options, tokenizeTimeLimit: TIME_LIMIT_MS });
  return { id, lines: lines.map(joined) };
}

addEventListener("message", (event: MessageEvent<Ask>) => {
  colour(event.data)
    .catch((): Told => ({ id: event.data.id, lines: null }))
    .then((told) => postMessage(told));
});
