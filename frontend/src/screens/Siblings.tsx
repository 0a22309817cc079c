import { useLayoutEffect, useRef } from "react";
import { announcer } from "../announce";
import { pick } from "../ask";
import { useT } from "../i18n";
import { ROOT, type Row } from "../thread";
import { IconButton } from "../ui/IconButton";

/** ‹2/3› on the message that differs. The arrow stays under the finger, whatever the branches' heights are. */
export function Siblings({ conversation, row }: { conversation: string; row: Row }) {
  const t = useT();
  const group = useRef<HTMLSpanElement>(null);
  const before = useRef<number | null>(null);
  const { siblings, at } = row;

  // biome-ignore lint/correctness/useExhaustiveDependencies: after another sibling was drawn
  useLayoutEffect(() => {
    const top = group.current?.getBoundingClientRect().top;
    const box = group.current?.closest(".thread");
    if (before.current !== null && top !== undefined && box) box.scrollTop += top - before.current;
    before.current = null;
  }, [at]);

  if (siblings.length < 2) return null;
  const show = (to: number): void => {
    const child = siblings[to];
    if (!child) return;
    before.current = group.current?.getBoundingClientRect().top ?? null;
    pick(conversation, row.message.parent ?? ROOT, child);
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
        aria-disabled={at === siblings.length - 1}
        onClick={() => show(at + 1)}
      />
    </span>
  );
}
