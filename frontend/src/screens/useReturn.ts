import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import type { ThreadState } from "../thread";
import { unread } from "../unread";
import { type Left, PEEK_PX } from "./scroller";
import type { TurnRows } from "./turns";

/** Where the reader left each conversation, as long as this page lives; those left at their end are not here. */
const places = new Map<string, Left>();

function comesBackTo(conversation: string, turns: readonly TurnRows[]): Left | null {
  const left = places.get(conversation);
  if (left) return left;
  const last = turns.at(-1);
  return last?.answer && unread.get().has(conversation)
    ? { message: last.said.message.id, top: PEEK_PX }
    : null;
}

interface Reach {
  turns: readonly TurnRows[];
  /** Of a long thread only the turns near the view are in the page. */
  draw: (index: number) => void;
  toElement: (row: HTMLElement, top: number) => void;
  /** Null at the end. */
  left: () => Left | null;
}

/** Who comes back is where they left off; an answer that nobody has looked at is begun with its question. */
export function useReturn(
  { id }: ThreadState,
  box: RefObject<HTMLElement | null>,
  { turns, draw, toElement, left }: Reach,
): void {
  const [back] = useState(() => comesBackTo(id, turns));
  const done = useRef(new URLSearchParams(location.search).has("m"));
  const at = turns.findIndex(({ said }) => said.message.id === back?.message);

  // biome-ignore lint/correctness/useExhaustiveDependencies: on coming here
  useLayoutEffect(() => {
    if (at >= 0) draw(at);
    return () => {
      const place = left();
      if (place) places.set(id, place);
      else places.delete(id);
    };
  }, []);
  useLayoutEffect(() => {
    if (!back || done.current) return;
    const said = box.current?.querySelector(`.said[data-message="${CSS.escape(back.message)}"]`);
    const row = said?.closest<HTMLElement>(".turn");
    if (!row) return;
    done.current = true;
    toElement(row, back.top);
  });
}
