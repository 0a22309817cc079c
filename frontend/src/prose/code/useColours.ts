import { useEffect, useState } from "react";
import { colours, knownColours, wantsColours } from "./colours";
import type { Line } from "./tokens";

const IDLE_MS = 250;

interface Coloured {
  code: string;
  lines: readonly Line[];
}

/** Colours for code that stands still: when its fence is closed, or when nothing was added for a moment. */
export function useColours(code: string, language: string, open: boolean): Coloured | null {
  const [coloured, setColoured] = useState<Coloured | null>(() => {
    const lines = knownColours(code, language);
    return lines && { code, lines };
  });

  useEffect(() => {
    if (!wantsColours(code, language)) return;
    let wanted = true;
    const timer = setTimeout(
      () => {
        void colours(code, language).then((lines) => wanted && lines && setColoured({ code, lines }));
      },
      open ? IDLE_MS : 0,
    );
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [code, language, open]);

  // Code that went on keeps the colours of what is already there; the rest follows plain.
  return coloured && code.startsWith(coloured.code) ? coloured : null;
}
