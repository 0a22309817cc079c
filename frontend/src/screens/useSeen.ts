import { type RefObject, useEffect } from "react";

const SEEN_MS = 1000;
const PART = 0.5;

/** Runs `onSeen` once half of the element has been on screen for a second on end, in a tab that is looked at. */
export function useSeen(element: RefObject<HTMLElement | null>, onSeen: () => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the element is watched once, whatever it then calls
  useEffect(() => {
    const watched = element.current;
    if (!watched || typeof IntersectionObserver === "undefined") return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let inView = false;
    const weigh = (): void => {
      clearTimeout(timer);
      if (!inView || document.visibilityState === "hidden") return;
      timer = setTimeout(() => {
        stop();
        onSeen();
      }, SEEN_MS);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        inView = entries.at(-1)?.isIntersecting ?? false;
        weigh();
      },
      { threshold: PART },
    );
    const stop = (): void => {
      clearTimeout(timer);
      observer.disconnect();
      document.removeEventListener("visibilitychange", weigh);
    };
    observer.observe(watched);
    document.addEventListener("visibilitychange", weigh);
    return stop;
  }, []);
}
