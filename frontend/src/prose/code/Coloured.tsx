import { memo } from "react";
import type { Line } from "./tokens";

/** The same characters as the plain code, in spans whose colours are the page's own. */
export const Coloured = memo(function Coloured({ lines }: { lines: readonly Line[] }) {
  return lines.map((line, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a line of code is its number
    <span key={row}>
      {row > 0 && "\n"}
      {line.map(([text, kind], at) =>
        kind ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: so is a token in it
          <span key={at} className={`tk-${kind}`}>
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </span>
  ));
});
