import { useEffect, useRef, useState } from "react";
import { arrive, newPace, type Pace, step } from "../pacer";

/**
 * The part of a growing text that is shown now. What was there when the page opened is shown at once; `frozen`
 * (the person pressed stop) reveals nothing more until the text is settled.
 */
export function usePaced(text: string, { live, frozen }: { live: boolean; frozen: boolean }): string {
  const [shown, setShown] = useState(text.length);
  const pace = useRef<Pace>(newPace(text.length, 0));
  const latest = useRef({ text, live });
  latest.current = { text, live };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the arrival of text is what this effect is about
  useEffect(() => {
    pace.current = arrive(pace.current, performance.now());
  }, [text]);

  const timer = useRef(0);
  // After every render: a loop that has caught up ends by itself, and more text may come in that very moment.
  useEffect(() => {
    if (timer.current || frozen || shown >= text.length) return;
    pace.current = { ...pace.current, steppedAt: performance.now() };
    const paint = (now: number): void => {
      timer.current = 0;
      const { text, live } = latest.current;
      // A hidden tab has no animation frames to wait for, and nobody to pace for.
      pace.current = document.hidden ? newPace(text.length, now) : step(pace.current, text, now, !live);
      setShown(pace.current.shown);
      if (pace.current.shown < text.length) timer.current = requestAnimationFrame(paint);
    };
    if (document.hidden) paint(performance.now());
    else timer.current = requestAnimationFrame(paint);
  });
  useEffect(() => {
    if (!frozen) return;
    cancelAnimationFrame(timer.current);
    timer.current = 0;
  }, [frozen]);
  useEffect(
    () => () => {
      cancelAnimationFrame(timer.current);
      timer.current = 0;
    },
    [],
  );

  useEffect(() => {
    if (shown <= text.length) return;
    pace.current = newPace(text.length, performance.now());
    setShown(text.length);
  }, [shown, text.length]);

  return shown >= text.length ? text : text.slice(0, shown);
}
