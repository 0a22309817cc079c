import { useQuery } from "@tanstack/react-query";
import { type RefObject, useState } from "react";
import { catalogQuery } from "../api/queries";
import { inLocale, useLocale, useT } from "../i18n";
import { Asking } from "./Asking";

const toggled = (chosen: readonly string[], slug: string): string[] =>
  chosen.includes(slug) ? chosen.filter((it) => it !== slug) : [...chosen, slug];

/** Why an answer was not good, in the words of its scenario. */
export default function Reasons({
  scenario,
  anchor,
  onSubmit,
  onClose,
}: {
  scenario: string;
  anchor: RefObject<HTMLElement | null>;
  onSubmit: (reasons: string[], comment: string) => Promise<boolean>;
  onClose: () => void;
}) {
  const t = useT();
  const locale = useLocale();
  const catalog = useQuery(catalogQuery);
  const [chosen, setChosen] = useState<string[]>([]);
  const own = catalog.data?.scenarios.find((it) => it.slug === scenario)?.reasons ?? [];
  const reasons = [...own, ...(catalog.data?.reasons ?? [])];
  return (
    <Asking
      words={t.feedback}
      wordless={chosen.length > 0}
      anchor={anchor}
      onSubmit={(comment) => onSubmit(chosen, comment)}
      onClose={onClose}
    >
      <div className="asking-chips">
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
    </Asking>
  );
}
