/** Stands in for rehype-raw (see vite.config.ts). */
export default function noRaw() {
  return undefined;
}
