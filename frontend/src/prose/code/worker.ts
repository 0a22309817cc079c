/** Colours code away from the page's thread. Shiki's JavaScript engine: the page's policy allows no WebAssembly. */
import { createCssVariablesTheme } from "@shikijs/core";
import { createJavaScriptRegexEngine } from "@shikijs/engine-javascript";
import { codeToTokensBase, createShikiPrimitiveAsync } from "@shikijs/primitive";
import { GRAMMARS } from "./grammars";
import { languageNamed } from "./languages";
import { type Ask, joined, type Told } from "./tokens";

const LINE_LIMIT = 1000;
const TIME_LIMIT_MS = 250;

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
  const lines = codeToTokensBase(primitive, code, {
    lang,
    theme: "css-variables",
    tokenizeMaxLineLength: LINE_LIMIT,
    tokenizeTimeLimit: TIME_LIMIT_MS,
  });
  return { id, lines: lines.map(joined) };
}

addEventListener("message", (event: MessageEvent<Ask>) => {
  colour(event.data)
    .catch((): Told => ({ id: event.data.id, lines: null }))
    .then((told) => postMessage(told));
});
