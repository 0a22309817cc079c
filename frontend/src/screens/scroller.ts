/** The hands of scroll.ts: the only code that sets `scrollTop` of the thread. */
import { initialScroll, type Scroll, type ScrollEvent, scroll } from "../scroll";
import { createHold, turnAtTop } from "./hold";
import { selectsIn } from "./reader";

/** So much of what was before stays visible above a question that was just asked. */
export const PEEK_PX = 56;
const AT_END_PX = 24;
const PILL_FROM_PX = 120;

/** The turn at the top of the view, by its question, and in CSS pixels how far below the edge it begins. */
export interface Left {
  message: string;
  top: number;
}

export interface Scroller {
  tell(event: ScrollEvent): void;
  /** The content has another height. */
  grew(how: { autoFollow: boolean; writing: boolean }): void;
  /** The view was moved: by the reader, or a moment ago from here. */
  scrolled(): void;
  /** Go to this row, so that it begins `top` below the edge, and hold it there until the reader moves. */
  toElement(row: HTMLElement, top?: number): void;
  /** Where the reader is; null for one who is at the end or goes with it. */
  left(): Left | null;
  /** What was gone to is held no longer. */
  letGo(): void;
}

/** `onFar` hears whether the reader is so far from the end that a way back is to be offered. */
export function createScroller(box: HTMLElement, onFar: (far: boolean) => void): Scroller {
  const hold = createHold(box);
  let state: Scroll = initialScroll;
  let sought = false;
  /** Where this code has put the view: the event of that scroll comes later, perhaps after a gesture of the reader. */
  let placed: number | null = null;

  const fromEnd = (): number => box.scrollHeight - box.clientHeight - box.scrollTop;
  const weigh = (): void => onFar(state.mode === "released" && fromEnd() > PILL_FROM_PX);

  const tell = (event: ScrollEvent): void => {
    if (event.type !== "grew") sought = false;
    const [next, command] = scroll(state, event);
    state = next;
    if (command === "end") box.scrollTop = box.scrollHeight;
    if (command === "lift") {
      const last = box.querySelector<HTMLElement>(".turn:last-child");
      if (last) box.scrollTop = last.offsetTop - PEEK_PX;
    }
    if (command !== "none") {
      placed = box.scrollTop;
      hold.take();
    }
    weigh();
  };

  return {
    tell,
    grew: (how) => {
      // First: what came above the view is no overflow below it.
      hold.keep();
      if (!selectsIn(box) && !sought) tell({ type: "grew", overflows: fromEnd() > 1, ...how });
    },
    scrolled: () => {
      hold.keep();
      if (!sought) hold.take();
      const byReader = box.scrollTop !== placed;
      if (byReader) placed = null;
      if (byReader && fromEnd() <= AT_END_PX && state.mode === "released") tell({ type: "reached_end" });
      else weigh();
    },
    toElement: (row, top = PEEK_PX) => {
      tell({ type: "gesture" });
      box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top - top;
      hold.take(row);
      sought = true;
    },
    left: () => {
      if (state.mode !== "released" || fromEnd() <= AT_END_PX) return null;
      const turn = turnAtTop(box);
      const message = turn?.querySelector<HTMLElement>(".said")?.dataset.message;
      return turn && message
        ? { message, top: turn.getBoundingClientRect().top - box.getBoundingClientRect().top }
        : null;
    },
    letGo: () => {
      sought = false;
    },
  };
}
