import { type ReactNode, useLayoutEffect, useRef } from "react";

/** Of its buttons one is in the way of Tab, the one used last; the arrows, Home and End go to the others. */
export function Toolbar({ label, children }: { label: string; children: ReactNode }) {
  const bar = useRef<HTMLDivElement>(null);
  const used = useRef<Element | null>(null);
  // What a button opens (a menu, a form) stands beside it, and is no part of the row.
  const buttons = (): HTMLElement[] => [
    ...(bar.current?.querySelectorAll<HTMLElement>(":scope > button") ?? []),
  ];
  const mark = (): void => {
    const all = buttons();
    const entry = all.find((it) => it === used.current) ?? all[0];
    for (const it of all) it.tabIndex = it === entry ? 0 : -1;
  };
  // Buttons come and go with the state of what they are for.
  useLayoutEffect(mark);

  const move = (event: React.KeyboardEvent): void => {
    const all = buttons();
    const at = all.indexOf(event.target as HTMLElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  return (
    <div
      ref={bar}
      role="toolbar"
      aria-label={label}
      className="tools"
      onKeyDown={move}
      onFocus={(event) => {
        if (!buttons().includes(event.target as HTMLElement)) return;
        used.current = event.target;
        mark();
      }}
    >
      {children}
    </div>
  );
}
