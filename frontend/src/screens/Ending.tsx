import type { ReactNode } from "react";
import { type Messages, useT } from "../i18n";
import { canContinue, type Generation, type Phase, type Refusal } from "../thread";
import { CopyButton } from "../ui/CopyButton";
import { Icon, type IconName } from "../ui/Icon";
import { fault } from "../wire";
import { RefusedLine } from "./Refused";

type Tone = "quiet" | "note" | "warn" | "danger";
interface Words {
  tone: Tone;
  icon: IconName;
  text: string;
  code?: string;
}

/** How an answer ended, in one sentence; null where there is nothing to say. */
function wordsOf(
  phase: Phase,
  last: Generation,
  { hasText, appealed, mayAppeal }: { hasText: boolean; appealed: boolean; mayAppeal: boolean },
  t: Messages,
): Words | null {
  switch (phase) {
    case "stopped":
      return { tone: "quiet", icon: "pause", text: t.status.stopped };
    case "interrupted":
      return { tone: "warn", icon: "warn", text: t.status.interrupted, code: last.reason };
    case "truncated":
      return { tone: "quiet", icon: "pause", text: t.status.truncated };
    case "filtered":
      return {
        tone: hasText ? "quiet" : "note",
        icon: "warn",
        text: appealed ? t.status.appealed : mayAppeal ? t.status.filteredAppeal : t.status.filtered,
      };
    case "failed":
      return hasText
        ? { tone: "warn", icon: "warn", text: t.status.interrupted, code: last.reason }
        : { tone: "danger", icon: "warn", text: t.faults[fault(last.reason)], code: last.reason };
    case "expired":
      return { tone: "note", icon: "clock", text: t.status.expired };
    default:
      return null;
  }
}

export function Ending({
  phase,
  last,
  hasText,
  appealed,
  refusal,
  busy,
  appeal,
  instead,
  stopFirst,
  onContinue,
  onRetry,
  onRephrase,
}: {
  phase: Phase;
  last: Generation;
  hasText: boolean;
  appealed: boolean;
  refusal: Refusal | undefined;
  busy: boolean;
  /** What says that the filter was wrong, where that can be said. */
  appeal: ReactNode;
  /** What asks another model, where there is one. */
  instead: ReactNode;
  /** What stops the answer that was in the way of the one refused. */
  stopFirst: ReactNode;
  onContinue: () => void;
  onRetry: () => void;
  onRephrase: () => void;
}) {
  const t = useT();
  const words = wordsOf(phase, last, { hasText, appealed, mayAppeal: Boolean(appeal) }, t);
  // The answer that is not there is named, by what the administration finds it under.
  const named = words?.tone === "danger";
  const goesOn = hasText && canContinue(last);
  const retries =
    !goesOn && (phase === "failed" || phase === "expired" || phase === "stopped" || phase === "interrupted");
  return (
    <>
      {words && (
        <div className="ending" data-tone={words.tone}>
          <p tabIndex={-1}>
            <Icon name={words.icon} size={18} />
            <span>
              {words.text} {words.code && !named && <code>{words.code}</code>}
            </span>
          </p>
          <div className="buttons">
            {goesOn && (
              <Act primary={phase !== "stopped"} off={busy} onClick={onContinue}>
                {t.actions.continue}
              </Act>
            )}
            {retries && (
              <Act primary={words.tone !== "danger"} off={busy} onClick={onRetry}>
                {t.actions.retry}
              </Act>
            )}
            {retries && !hasText && phase !== "stopped" && instead}
            {phase === "filtered" && (
              <Act off={busy} onClick={onRephrase}>
                {t.actions.rephrase}
              </Act>
            )}
            {phase === "filtered" && !appealed && appeal}
          </div>
          {named && (
            <small className="ending-ref">
              <code>
                {words.code} · {last.id}
              </code>
              <CopyButton label={t.actions.copyRef} size={16} text={() => last.id} />
            </small>
          )}
        </div>
      )}
      {refusal && (
        <div className="buttons mt-3">
          <RefusedLine refusal={refusal} />
          {stopFirst}
        </div>
      )}
    </>
  );
}

function Act({
  primary,
  off,
  onClick,
  children,
}: {
  primary?: boolean;
  off: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={primary ? "btn btn-small btn-primary" : "btn btn-small"}
      aria-disabled={off}
      onClick={() => !off && onClick()}
    >
      {children}
    </button>
  );
}
