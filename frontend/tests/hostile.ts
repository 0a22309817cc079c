/** Answers that try to be more than text. Data, so that a journey can replay them in a real browser. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { list, shape, str } from "../src/shape";

const corpus = list(shape({ group: str, text: str, keep: list(str) }));

const path = join(import.meta.dirname, "../../tests/golden/hostile.json");
export const hostile = corpus(JSON.parse(readFileSync(path, "utf8")));

const FORBIDDEN =
  "script, iframe, frame, object, embed, applet, link, meta, base, style, form, input, select, textarea, img, image, " +
  "video, audio, source, picture, portal, template, dialog, details, marquee, foreignObject, animate, set, use, title";

/** What in this page would run, load or lead somewhere it must not. Empty is safe. */
export function dangers(page: Element): string[] {
  const found = [...page.querySelectorAll(FORBIDDEN)].map((it) => `<${it.tagName}>`);
  for (const element of page.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      const leads = /^(?:xlink:)?href$|^action$|^formaction$|^ping$/i.test(name);
      if (/^on/i.test(name)) found.push(`${name}=${value}`);
      if (/^(?:src|srcset|srcdoc|data|poster|background)$/i.test(name)) found.push(`${name}=${value}`);
      if (leads && !/^(?:https?:\/\/|mailto:)/.test(value)) found.push(`${name}=${value}`);
      if (name === "style" && /url|expression|import|position|@/i.test(value) && !isKatex(element))
        found.push(`${name}=${value}`);
      if (name === "style" && /url\s*\(|expression|@import/i.test(value)) found.push(`${name}=${value}`);
      if (name === "id" && !value.startsWith("user-content-")) found.push(`id=${value}`);
    }
    if (element.tagName === "A" && !element.getAttribute("rel")?.includes("noopener"))
      found.push("a without rel");
  }
  return found;
}

const isKatex = (element: Element): boolean => element.closest(".katex") !== null;
