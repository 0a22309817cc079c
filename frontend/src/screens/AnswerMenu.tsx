import { lazy, Suspense, useRef, useState } from "react";
import type { Model } from "../api/shapes";
import type { Otherwise } from "../ask";
import { appeal } from "../feedback";
import { inLocale, useLocale, useT } from "../i18n";
import type { AnswerMessage } from "../thread";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { mayAppeal } from "./Appeal";

const AppealForm = lazy(() => import("./AppealForm"));

/** What else can be done about an answer: it is given in another way, or the administration is told of it, once. */
export function AnswerMenu({
  conversation,
  message,
  mayThink,
  others,
  again,
  by,
}: {
  conversation: string;
  message: AnswerMessage;
  mayThink: boolean;
  others: readonly Model[];
  again: (otherwise?: Otherwise) => void;
  by: (model: Model) => Otherwise;
}) {
  const t = useT();
  const locale = useLocale();
  const button = useRef<HTMLButtonElement>(null);
  const [reporting, setReporting] = useState(false);
  const reports = !message.appealed && mayAppeal(conversation);
  return (
    <>
      <Menu
        className="icon-btn tool"
        label={t.actions.regenerateMenu}
        anchor={button}
        items={[
          { label: t.actions.again, onSelect: () => again() },
          { label: t.actions.shorter, onSelect: () => again({ hint: "shorter" }) },
          { label: t.actions.longer, onSelect: () => again({ hint: "longer" }) },
          ...(mayThink ? [{ label: t.actions.thinkMore, onSelect: () => again({ thinking: true }) }] : []),
          ...others.map((it) => ({
            label: t.actions.withModel(inLocale(it.name, locale)),
            hint: inLocale(it.purpose, locale),
            onSelect: () => again(by(it)),
          })),
          ...(reports ? [{ label: t.actions.report, onSelect: () => setReporting(true) }] : []),
        ]}
      >
        <Icon name="chevron" size={16} />
      </Menu>
      {reporting && (
        <Suspense>
          <AppealForm
            words={t.report}
            anchor={button}
            onSubmit={(comment) => appeal(conversation, message.id, comment, t.report)}
            onClose={() => setReporting(false)}
          />
        </Suspense>
      )}
    </>
  );
}
