import { useEffect, useRef } from "react";
import { announcer } from "../announce";
import { texts } from "../i18n";
import { type AnswerView, isLive, type Phase, partsOf } from "../thread";
import { markUnseen } from "../ui/useTitle";
import { fault } from "../wire";

const EVERY_MS = 30_000;

function words({ phase, last, text }: AnswerView, mayAppeal: boolean): string {
  const t = texts();
  switch (phase) {
    case "thinking":
      return t.say.thinking;
    case "streaming":
      return t.say.answering;
    case "completed":
      return t.say.done(partsOf(text));
    case "stopped":
      return t.status.stopped;
    case "truncated":
      return t.status.truncated;
    case "filtered":
      return mayAppeal ? t.status.filteredAppeal : t.status.filtered;
    case "expired":
      return t.status.expired;
    case "interrupted":
      return t.status.interrupted;
    case "failed":
      return t.faults[fault(last.reason)];
    default:
      return "";
  }
}

/** What the latest answer has to tell those who do not see it: its turns of state, never its tokens. */
export function useAnswerNews(
  view: AnswerView,
  { isLast, mayAppeal }: { isLast: boolean; mayAppeal: boolean },
): void {
  const before = useRef<Phase>(view.phase);
  const queuedAt = useRef(Number.NEGATIVE_INFINITY);
  const { position } = view.last;

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new phase is news
  useEffect(() => {
    const changed = before.current !== view.phase;
    if (changed && isLive(before.current) && !isLive(view.phase)) markUnseen();
    before.current = view.phase;
    if (changed && isLast) announcer.say("answer", words(view, mayAppeal));
  }, [view.phase]);

  useEffect(() => {
    if (view.phase !== "queued" || position === null || !isLast) return;
    const now = performance.now();
    if (position > 1 && now - queuedAt.current < EVERY_MS) return;
    queuedAt.current = now;
    announcer.say("answer", texts().status.queued(position - 1));
  }, [view.phase, position, isLast]);
}
