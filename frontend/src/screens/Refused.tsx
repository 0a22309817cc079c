import { stop } from "../ask";
import { errorSentence, useLocale, useT } from "../i18n";
import type { Refusal } from "../thread";
import { Icon } from "../ui/Icon";
import { useMinute } from "../ui/useMinute";

/** It was told when it came (receive.ts). */
export const RefusedLine = ({ refusal }: { refusal: Refusal }) => (
  <p className="fault">
    <Icon name="warn" size={18} />
    <span>{errorSentence(refusal, useLocale(), useMinute())}</span>
  </p>
);

/** What was in the way of what was asked, as long as it is. */
export function StopFirst({
  conversation,
  refusal,
  running,
}: {
  conversation: string;
  refusal: Refusal;
  running: string | null;
}) {
  const t = useT();
  if (refusal.code !== "busy" || running === null) return null;
  return (
    <button type="button" className="btn btn-small" onClick={() => stop(conversation, running)}>
      {t.composer.stop}
    </button>
  );
}
