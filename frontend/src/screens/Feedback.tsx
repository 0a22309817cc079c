import { lazy, Suspense, useRef, useState } from "react";
import { announcer } from "../announce";
import { rate } from "../feedback";
import { useT } from "../i18n";
import { store } from "../live";
import type { Rating } from "../thread";
import { IconButton } from "../ui/IconButton";

const Reasons = lazy(() => import("./Reasons"));

/** A thumb counts at once; the one down then asks why, and counts as well without an answer to that. */
export function Feedback({
  conversation,
  answer,
  rating,
}: {
  conversation: string;
  answer: string;
  rating: Rating | null;
}) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const down = useRef<HTMLButtonElement>(null);

  const press = (value: Rating["value"]): void => {
    const back = rating?.value === value;
    void rate(conversation, answer, back ? null : { value, reasons: [], comment: "" });
    announcer.say("rating", back ? t.feedback.takenBack : t.feedback.thanks);
    setAsking(value === "down" && !back);
  };
  return (
    <>
      <IconButton
        className="tool"
        name="thumbUp"
        size={18}
        label={t.feedback.up}
        aria-pressed={rating?.value === "up"}
        onClick={() => press("up")}
      />
      <IconButton
        ref={down}
        className="tool"
        name="thumbDown"
        size={18}
        label={t.feedback.down}
        aria-pressed={rating?.value === "down"}
        onClick={() => press("down")}
      />
      {asking && (
        <Suspense>
          <Reasons
            scenario={store.get(conversation)?.scenario ?? ""}
            anchor={down}
            onSubmit={async (reasons, comment) => {
              const kept = await rate(conversation, answer, { value: "down", reasons, comment });
              if (kept) announcer.say("rating", t.feedback.thanks);
              return kept;
            }}
            onClose={() => setAsking(false)}
          />
        </Suspense>
      )}
    </>
  );
}
