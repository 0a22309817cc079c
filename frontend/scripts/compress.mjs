/** Beside every text of the build the same compressed, as small as it gets: WhiteNoise sends it to who accepts it. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const TEXTS = /\.(?:js|css|svg|webmanifest|ttf)$/;
/** Less fits into one packet anyway. */
const FROM_BYTES = 1400;

for (const name of readdirSync(dist, { recursive: true })) {
  const path = `${dist}${name}`;
  if (!TEXTS.test(name) || statSync(path).size < FROM_BYTES) continue;
  const content = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
  writeFileSync(`${path}.br`, brotliCompressSync(content));
}
