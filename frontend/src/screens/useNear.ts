import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { TurnRows } from "./turns";

/** An ordinary thread is whole in the page: found by the browser's own search, selected, printed. */
const WHOLE_TURNS = 100;
const AHEAD_PX = 1500;
/** Drawn at first, before anything was measured: more than a screen of the end. */
const AT_END = 12;

interface Near {
  /** Is the turn with this index to be drawn? */
  has(index: number): boolean;
  /** In CSS pixels, when it was last drawn. */
  heightOf(index: number): number | undefined;
  /** Draw this turn, wherever the view is. */
  draw(index: number): void;
}

/** Turns have other indices when earlier ones come before them. */
const keyOf = (turn: TurnRows | undefined): string => turn?.said.message.key ?? "";
const keysOf = (turns: readonly TurnRows[]): ReadonlySet<string> => new Set(turns.map(keyOf));

/** Which turns of a long thread are drawn: those near the view. The others keep their place as empty rows. */
export function useNear(box: RefObject<HTMLElement | null>, turns: readonly TurnRows[]): Near {
  const long = turns.length > WHOLE_TURNS;
  /** Null until the view was first looked at: then it is what was there when the thread became long, or its end. */
  const [drawn, setDrawn] = useState<ReadonlySet<string> | null>(null);
  const whole = useRef<ReadonlySet<string> | null>(null);
  const heights = useRef(new Map<string, number>());
  const [printed, setPrinted] = useState(false);
  const now = drawn ?? whole.current ?? keysOf(turns.slice(-AT_END));

  useLayoutEffect(() => {
    if (long) return;
    whole.current = keysOf(turns);
    setDrawn(null);
  }, [turns, long]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other turns are other rows
  useEffect(() => {
    if (!long || !box.current) return;
    const rows = [...box.current.querySelectorAll(".turn")];
    const keys = new Map(rows.map((row, index) => [row, keyOf(turns[index])]));
    const observer = new IntersectionObserver(
      (entries) =>
        setDrawn((before) => {
          const after = new Set(before ?? now);
          for (const entry of entries) {
            const key = keys.get(entry.target) ?? "";
            if (entry.isIntersecting) after.add(key);
            else if (after.has(key) && !isUsed(entry.target)) {
              heights.current.set(key, entry.boundingClientRect.height);
              after.delete(key);
            }
          }
          return after;
        }),
      { root: box.current, rootMargin: `${AHEAD_PX}px 0px` },
    );
    for (const row of rows) observer.observe(row);
    return () => observer.disconnect();
  }, [box, turns, long]);

  useEffect(() => {
    const print = (all: boolean) => () => flushSync(() => setPrinted(all));
    const [before, after] = [print(true), print(false)];
    addEventListener("beforeprint", before);
    addEventListener("afterprint", after);
    return () => {
      removeEventListener("beforeprint", before);
      removeEventListener("afterprint", after);
    };
  }, []);

  return {
    has: (index) => !long || printed || index === turns.length - 1 || now.has(keyOf(turns[index])),
    heightOf: (index) => heights.current.get(keyOf(turns[index])),
    draw: (index) => setDrawn((before) => new Set([...(before ?? now), keyOf(turns[index])])),
  };
}

/** Somebody is in it: the focus, words being edited, the end of a selection. */
function isUsed(row: Element): boolean {
  const selection = document.getSelection();
  return (
    row.contains(document.activeElement) ||
    row.querySelector("textarea") !== null ||
    (selection !== null && !selection.isCollapsed && selection.containsNode(row, true))
  );
}
