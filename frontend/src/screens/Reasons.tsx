import { useQuery } from "@tanstack/react-query";
import { type RefObject, useLayoutEffect, useRef, useState } from "react";
import { catalogQuery } from "../api/queries";
import { inLocale, useLocale, useT } from "../i18n";
import { placeBeside } from "../ui/placeBeside";

const MAX_COMMENT = 500;
const toggled = (chosen: readonly string[], slug: string): string[] =>
  chosen.includes(slug) ? chosen.filter((it) => it !== slug) : [...chosen, slug];

/** Why an answer was not good, in the words of its scenario. Closed by Esc or a click elsewhere, it says nothing. */
export default function Reasons({
  scenario,
  anchor,
  onSubmit,
  onClose,
}: {
  scenario: string;
  anchor: RefObject<HTMLElement | null>;
  onSubmit: (reasons: string[], comment: string) => void;
  onClose: () => void;
}) {
  const t = useT();
  const locale = useLocale();
  const catalog = useQuery(catalogQuery);
  const panel = useRef<HTMLFormElement>(null);
  const [chosen, setChosen] = useState<string[]>([]);
  const [comment, setComment] = useState("");
  const own = catalog.data?.scenarios.find((it) => it.slug === scenario)?.reasons ?? [];
  const reasons = [...own, ...(catalog.data?.reasons ?? [])];

  useLayoutEffect(() => {
    const opened = panel.current;
    if (!opened) return;
    opened.showPopover?.();
    if (anchor.current) placeBeside(opened, anchor.current);
    opened.querySelector<HTMLElement>("button, textarea")?.focus();
  }, [anchor]);

  const close = (): void => {
    panel.current?.hidePopover?.();
    anchor.current?.focus();
    onClose();
  };
  return (
    <form
      ref={panel}
      popover="auto"
      className="popup reasons"
      aria-label={t.feedback.why}
      onToggle={(event) => event.newState === "closed" && onClose()}
      onKeyDown={(event) => event.key === "Escape" && close()}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(chosen, comment.trim());
        close();
      }}
    >
      <p className="reasons-head">{t.feedback.why}</p>
      <div className="reasons-chips">
        {reasons.map((reason) => (
          <button
            key={reason.slug}
            type="button"
            className="chip"
            aria-pressed={chosen.includes(reason.slug)}
            onClick={() => setChosen(toggled(chosen, reason.slug))}
          >
            {inLocale(reason.name, locale)}
          </button>
        ))}
      </div>
      <textarea
        rows={2}
        maxLength={MAX_COMMENT}
        aria-label={t.feedback.comment}
        placeholder={t.feedback.comment}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <div className="buttons justify-end">
        <button type="button" className="btn btn-small" onClick={close}>
          {t.feedback.skip}
        </button>
        <button
          type="submit"
          className="btn btn-small btn-primary"
          disabled={chosen.length === 0 && comment.trim() === ""}
        >
          {t.feedback.submit}
        </button>
      </div>
    </form>
  );
}
