import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { watchReader } from "./reader";
import { createScroller, type Left, PEEK_PX, type Scroller } from "./scroller";

/** Ties scroller.ts to a thread that is shown: `lift` counts the questions asked here, the newest of which goes to the top. */
export function useThreadScroll(
  box: RefObject<HTMLElement | null>,
  { ready, lift }: { ready: boolean; lift: number },
) {
  const scroller = useRef<Scroller | null>(null);
  const [pill, setPill] = useState(false);
  useTurnRoom(box);

  useLayoutEffect(() => {
    if (box.current) scroller.current = createScroller(box.current, setPill);
  }, [box]);
  useLayoutEffect(() => {
    if (ready && lift === 0) scroller.current?.tell({ type: "opened" });
  }, [ready, lift]);
  useLayoutEffect(() => {
    if (lift > 0) scroller.current?.tell({ type: "sent" });
  }, [lift]);

  useEffect(() => {
    const it = box.current;
    const mine = scroller.current;
    const content = it?.querySelector(".turns");
    if (!it || !mine || !content) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const writing = (): boolean => it.querySelector('.answer[aria-busy="true"]') !== null;
    const grown = new ResizeObserver(() => mine.grew({ autoFollow: !calm.matches, writing: writing() }));
    grown.observe(content);
    it.addEventListener("scroll", mine.scrolled, { passive: true });
    const unwatch = watchReader(it, {
      stay: () => mine.tell({ type: "gesture" }),
      toEnd: () => mine.tell({ type: "to_end" }),
      away: mine.letGo,
    });
    return () => {
      grown.disconnect();
      it.removeEventListener("scroll", mine.scrolled);
      unwatch();
    };
  }, [box]);

  return {
    pill,
    toEnd: (): void => scroller.current?.tell({ type: "to_end" }),
    toElement: (row: HTMLElement, top?: number): void => scroller.current?.toElement(row, top),
    left: (): Left | null => scroller.current?.left() ?? null,
  };
}

/** The last turn is at least as tall as the room under the lifted question: tokens come without any scrolling. */
function useTurnRoom(box: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const it = box.current;
    if (!it) return;
    const measure = (): void => it.style.setProperty("--turn-min", `${it.clientHeight - PEEK_PX}px`);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(it);
    return () => observer.disconnect();
  }, [box]);
}
