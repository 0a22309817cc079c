import { type RefObject, useEffect, useRef } from "react";
import { useCell } from "../cell";
import { readEarlier } from "../earlier";
import { useT } from "../i18n";
import { onMac } from "../keys";
import { line } from "../live";

const AHEAD_PX = 800;

/** Above the first turn that is here: what was said before it is read when this comes near the view. */
export function Earlier({
  box,
  conversation,
  before,
}: {
  box: RefObject<HTMLElement | null>;
  conversation: string;
  before: string;
}) {
  const t = useT();
  const place = useRef<HTMLParagraphElement>(null);
  const { link } = useCell(line);

  // biome-ignore lint/correctness/useExhaustiveDependencies: when the line is back, what failed is asked for again
  useEffect(() => {
    if (!place.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.at(-1)?.isIntersecting) void readEarlier(conversation, before);
      },
      { root: box.current, rootMargin: `${AHEAD_PX}px 0px` },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [box, conversation, before, link]);

  return (
    <>
      <p ref={place} className="earlier">
        {t.thread.earlier}
      </p>
      <p className="on-paper">{t.thread.earlierUnprinted(onMac() ? "⌘P" : "Ctrl+P")}</p>
    </>
  );
}
