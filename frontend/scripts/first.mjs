/**
 * The styles of the first paint: of all rules those that what Django paints (app/templates/page.html) can match.
 * They stand in the page itself, so that nothing is waited for; the whole sheet comes after it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));

const TAGS = "html body div nav span svg path main header h1 section textarea p noscript";
const CLASSES = `shell side side-shell side-head brand mark main bar hello thread dock composer composer-row
  composer-note ai-label`;
const painted = { type: new Set(TAGS.split(/\s+/)), class: new Set(CLASSES.split(/\s+/)), id: new Set() };

const matches = (selector) =>
  selector.every((part) => {
    if (part.type === "pseudo-class" && (part.kind === "is" || part.kind === "where"))
      return part.selectors.some(matches);
    return painted[part.type]?.has(part.name) ?? true;
  });

/** Of a sheet; later ones of the same order of layers add to it. */
function ofFirstPaint(css) {
  const { code } = transform({
    filename: "first.css",
    code: Buffer.from(css),
    minify: true,
    visitor: {
      Rule: {
        style: (rule) => (rule.value.selectors.some(matches) ? undefined : []),
        media: (rule) =>
          rule.value.query.mediaQueries.some((query) => query.mediaType === "print") ? [] : undefined,
        // To look for a face among the machine's fonts takes ten milliseconds each, before anything is painted.
        "font-face": () => [],
        keyframes: () => [],
        custom: () => [],
        property: () => [],
      },
    },
  });
  return code.toString();
}

const sheets = manifest["src/main.tsx"].css.map((file) => readFileSync(dist + file, "utf8"));
writeFileSync(`${dist}.vite/first.css`, ofFirstPaint(sheets.join("")));
