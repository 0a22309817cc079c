import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { initialScroll, type Scroll, type ScrollEvent, scroll } from "../scroll";
import { createHold, type Hold } from "./hold";

const PEEK_PX = 56;
const AT_END_PX = 24;
const PILL_FROM_PX = 120;
const DRAG_PX = 10;

function settle(box: HTMLElement, row: HTMLElement): void {
  box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top - PEEK_PX;
}

/** The hands of scroll.ts: the only code that sets `scrollTop` of the thread. */
export function useThreadScroll(
  box: RefObject<HTMLElement | null>,
  { ready, lift }: { ready: boolean; lift: number },
) {
  const machine = useRef<Scroll>(initialScroll);
  const hold = useRef<Hold | null>(null);
  /** What was gone to is held, wherever it stands in the view, until the reader moves. */
  const sought = useRef(false);
  /** Where this code has put the view: the event of that scroll comes later, perhaps after a gesture of the reader. */
  const placed = useRef<number | null>(null);
  const [pill, setPill] = useState(false);

  const fromEnd = useCallback((): number => {
    const it = box.current;
    return it ? it.scrollHeight - it.clientHeight - it.scrollTop : 0;
  }, [box]);

  const tell = useCallback(
    (event: ScrollEvent): void => {
      const it = box.current;
      if (!it) return;
      if (event.type !== "grew") sought.current = false;
      const [next, command] = scroll(machine.current, event);
      machine.current = next;
      if (command === "end") it.scrollTop = it.scrollHeight;
      if (command === "lift") {
        const last = it.querySelector<HTMLElement>(".turn:last-child");
        if (last) it.scrollTop = last.offsetTop - PEEK_PX;
      }
      if (command !== "none") {
        placed.current = it.scrollTop;
        hold.current?.take();
      }
      setPill(next.mode === "released" && fromEnd() > PILL_FROM_PX);
    },
    [box, fromEnd],
  );

  // The last turn is at least as tall as the room under the lifted question: tokens come without any scrolling.
  useLayoutEffect(() => {
    const it = box.current;
    if (!it) return;
    hold.current = createHold(it);
    const measure = (): void => it.style.setProperty("--turn-min", `${it.clientHeight - PEEK_PX}px`);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(it);
    return () => observer.disconnect();
  }, [box]);

  useLayoutEffect(() => {
    if (ready && lift === 0) tell({ type: "opened" });
  }, [ready, lift, tell]);
  useLayoutEffect(() => {
    if (lift > 0) tell({ type: "sent" });
  }, [lift, tell]);

  useEffect(() => {
    const it = box.current;
    const content = it?.querySelector(".turns");
    if (!it || !content) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const grown = new ResizeObserver(() => {
      const selecting =
        !document.getSelection()?.isCollapsed && it.contains(document.getSelection()?.anchorNode ?? null);
      if (!selecting && !sought.current)
        tell({ type: "grew", overflows: fromEnd() > 1, autoFollow: !calm.matches });
      hold.current?.keep();
    });
    grown.observe(content);

    let touchedAt = 0;
    const wheel = (event: WheelEvent): void => {
      sought.current = false;
      if (event.deltaY < 0) tell({ type: "gesture" });
    };
    const touchStart = (event: TouchEvent): void => {
      touchedAt = event.touches[0]?.clientY ?? 0;
    };
    const touchMove = (event: TouchEvent): void => {
      if ((event.touches[0]?.clientY ?? 0) - touchedAt > DRAG_PX) tell({ type: "gesture" });
    };
    const key = (event: KeyboardEvent): void => {
      if (["PageUp", "ArrowUp", "Home", "Enter", " "].includes(event.key)) tell({ type: "gesture" });
      if (event.key === "End" || (event.key === "ArrowDown" && (event.ctrlKey || event.metaKey)))
        tell({ type: "to_end" });
    };
    const focusIn = (event: FocusEvent): void => {
      if (event.target instanceof Element && event.target.matches(".turn h2")) tell({ type: "gesture" });
    };
    // Opening a fold or turning to another branch is reading: what it changes in height must not move the reader.
    const click = (event: MouseEvent): void => {
      if (event.target instanceof Element && event.target.closest("[aria-expanded], .siblings"))
        tell({ type: "gesture" });
    };
    const pointer = (event: PointerEvent): void => {
      // A press on the scrollbar: right of what the content takes.
      if (event.target === it && event.offsetX > it.clientWidth) tell({ type: "gesture" });
    };
    const select = (): void => {
      const selection = document.getSelection();
      if (selection && !selection.isCollapsed && it.contains(selection.anchorNode)) tell({ type: "gesture" });
    };
    const scrolled = (): void => {
      hold.current?.keep();
      if (!sought.current) hold.current?.take();
      const byReader = it.scrollTop !== placed.current;
      if (byReader) placed.current = null;
      if (byReader && fromEnd() <= AT_END_PX && machine.current.mode === "released")
        tell({ type: "reached_end" });
      else setPill(machine.current.mode === "released" && fromEnd() > PILL_FROM_PX);
    };
    it.addEventListener("wheel", wheel, { passive: true });
    it.addEventListener("touchstart", touchStart, { passive: true });
    it.addEventListener("touchmove", touchMove, { passive: true });
    it.addEventListener("keydown", key);
    it.addEventListener("focusin", focusIn);
    it.addEventListener("click", click, { capture: true });
    it.addEventListener("pointerdown", pointer);
    it.addEventListener("scroll", scrolled, { passive: true });
    document.addEventListener("selectionchange", select);
    return () => {
      grown.disconnect();
      it.removeEventListener("wheel", wheel);
      it.removeEventListener("touchstart", touchStart);
      it.removeEventListener("touchmove", touchMove);
      it.removeEventListener("keydown", key);
      it.removeEventListener("focusin", focusIn);
      it.removeEventListener("click", click, { capture: true });
      it.removeEventListener("pointerdown", pointer);
      it.removeEventListener("scroll", scrolled);
      document.removeEventListener("selectionchange", select);
    };
  }, [box, fromEnd, tell]);

  const toElement = (row: HTMLElement): void => {
    tell({ type: "gesture" });
    if (!box.current) return;
    settle(box.current, row);
    hold.current?.take(row);
    sought.current = true;
  };
  return { pill, toEnd: () => tell({ type: "to_end" }), toElement };
}
