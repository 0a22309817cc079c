import { useLayoutEffect, useRef } from "react";
import { announcer } from "../announce";
import { pick } from "../ask";
import { useT } from "../i18n";
import { ROOT, type Row } from "../thread";
import { IconButton } from "../ui/IconButton";

interface Move {
  parent: string;
  top: number;
  arrow: "previous" | "next" | null;
}

/** The other sibling is another element: where the arrow was, and that it had the focus, outlives the first one here. */
let moving: Move | null = null;

/** ‹2/3› on the message that differs. The arrow stays under the finger, whatever the branches' heights are. */
export function Siblings({ conversation, row }: { conversation: string; row: Row }) {
  const t = useT();
  const group = useRef<HTMLSpanElement>(null);
  const { siblings, at, message } = row;
  const parent = message.parent ?? ROOT;

  // biome-ignore lint/correctness/useExhaustiveDependencies: after another sibling was drawn
  useLayoutEffect(() => {
    const it = group.current;
    if (!it || moving?.parent !== parent) return;
    const { top, arrow } = moving;
    moving = null;
    const box = it.closest(".thread");
    if (box) box.scrollTop += it.getBoundingClientRect().top - top;
    it.querySelector<HTMLElement>(`[data-arrow=${arrow ?? "none"}]`)?.focus({ preventScroll: true });
  }, [message.id]);

  if (siblings.length < 2) return null;
  const show = (to: number): void => {
    const child = siblings[to];
    if (!child || !group.current) return;
    const focused = document.activeElement?.getAttribute("data-arrow");
    const arrow = focused === "previous" || focused === "next" ? focused : null;
    moving = { parent, top: group.current.getBoundingClientRect().top, arrow };
    pick(conversation, parent, child);
    announcer.say("sibling", t.siblings.at(to + 1, siblings.length));
  };
  const key = (event: React.KeyboardEvent): void => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: siblings.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would announce its legend at each of the two arrows
    <span ref={group} className="siblings" role="group" aria-label={t.siblings.group} onKeyDown={key}>
      <IconButton
        name="left"
        size={16}
        label={t.siblings.previous}
        data-arrow="previous"
        aria-disabled={at === 0}
        onClick={() => show(at - 1)}
      />
      <span title={t.siblings.at(at + 1, siblings.length)}>
        {at + 1}/{siblings.length}
      </span>
      <IconButton
        name="right"
        size={16}
        label={t.siblings.next}
        data-arrow="next"
        aria-disabled={at === siblings.length - 1}
        onClick={() => show(at + 1)}
      />
    </span>
  );
}
