import { type RefObject, useEffect, useRef, useState } from "react";
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

/** Which turns of a long thread are drawn: those near the view. The others keep their place as empty rows. */
export function useNear(box: RefObject<HTMLElement | null>, turns: readonly TurnRows[]): Near {
  const long = turns.length > WHOLE_TURNS;
  const [drawn, setDrawn] = useState<ReadonlySet<number>>(new Set());
  const [seen, setSeen] = useState(false);
  const heights = useRef(new Map<number, number>());
  const [printed, setPrinted] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other turns are other rows
  useEffect(() => {
    if (!long || !box.current) return;
    const rows = [...box.current.querySelectorAll(".turn")];
    const places = new Map(rows.map((row, index) => [row, index]));
    const observer = new IntersectionObserver(
      (entries) => {
        setDrawn((before) => {
          const after = new Set(before);
          for (const entry of entries) {
            const index = places.get(entry.target) ?? 0;
            if (entry.isIntersecting) after.add(index);
            else if (after.has(index) && !isUsed(entry.target)) {
              heights.current.set(index, entry.boundingClientRect.height);
              after.delete(index);
            }
          }
          return after;
        });
        setSeen(true);
      },
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

  const last = turns.length - 1;
  return {
    has: (index) =>
      !long || printed || index === last || drawn.has(index) || (!seen && index > last - AT_END),
    heightOf: (index) => heights.current.get(index),
    draw: (index) => setDrawn((before) => (before.has(index) ? before : new Set([...before, index]))),
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
