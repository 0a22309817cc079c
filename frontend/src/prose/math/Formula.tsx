import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { createCell, useCell } from "../../cell";
import { textOf } from "../textOf";

type Draw = typeof import("./katex").draw;

const drawing = createCell<{ draw: Draw } | null>(null);
let asked = false;
function ask(): void {
  if (asked) return;
  asked = true;
  import("./katex").then(
    ({ draw }) => drawing.set({ draw }),
    () => {
      asked = false;
    },
  );
}

/** Is the answer still being written? */
export const Live = createContext(false);

export function Formula({ display, children }: { display: boolean; children: ReactNode }) {
  const tex = textOf(children).trim();
  const live = useContext(Live);
  const ready = useCell(drawing);
  const last = useRef<{ tex: string; node: Node } | null>(null);
  useEffect(ask, []);

  const drawn = useMemo(() => ready?.draw(tex, display) ?? null, [ready, tex, display]);
  if (drawn) last.current = { tex, node: drawn };
  // Half a formula cannot always be drawn; while it is written the last good part stands.
  const kept = live && last.current && tex.startsWith(last.current.tex) ? last.current.node : null;
  const node = drawn ?? kept;
  const source = display ? `$$\n${tex}\n$$` : `$${tex}$`;
  const inside = node ? (
    <span
      ref={(box) => {
        if (box && box.firstChild !== node) box.replaceChildren(node);
      }}
    />
  ) : (
    <code>{tex}</code>
  );
  return display ? (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div className="formula is-block" data-tex={source} translate="no" tabIndex={0}>
      {inside}
    </div>
  ) : (
    <span className="formula" data-tex={source} translate="no">
      {inside}
    </span>
  );
}
