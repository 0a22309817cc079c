/** Sizes of the build against the budgets of the design: what runs before the first paint, and what comes later. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(readFileSync(`${dist}.vite/manifest.json`, "utf8"));
const KB = 1024;
const BUDGETS = { entry: 120, thread: 150, overlays: 42, css: 18, first: 6 };

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key]?.imports ?? []) closure(next, seen);
  return seen;
}
const gz = (files) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(dist + file), { level: 9 }).length, 0) / KB;
const filesOf = (keys) => [...new Set([...keys].map((key) => manifest[key].file))];

const first = closure("src/main.tsx");
const ofThread = closure("src/prose/Prose.tsx", closure("src/screens/Thread.tsx"));
const thread = [...ofThread].filter((key) => !first.has(key));
// All that opens over the page, as if somebody opened one after the other; the door is there in its dialog, too.
const opened = Object.keys(manifest).filter(
  (key) => key.startsWith("src/screens/") && manifest[key].isDynamicEntry,
);
const overlays = opened
  .flatMap((key) => [...closure(key)])
  .filter((key) => !first.has(key) && !ofThread.has(key));
// The styles of what comes on demand (mathematics) come with it.
const css = [...new Set([...first, ...thread].flatMap((key) => manifest[key].css ?? []))];

const sizes = {
  entry: gz(filesOf(first)),
  thread: gz(filesOf(thread)),
  overlays: gz(filesOf(overlays)),
  css: gz(css),
  first: gz([".vite/first.css"]),
};
let over = false;
for (const [name, size] of Object.entries(sizes)) {
  over ||= size > BUDGETS[name];
  console.log(`${name.padEnd(8)} ${size.toFixed(1).padStart(6)} KB gz of ${BUDGETS[name]}`);
}
if (over) {
  console.error("over budget");
  process.exit(1);
}
