import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { appeal } from "../feedback";
import { useT } from "../i18n";
import { temporary } from "../temporary";

/** A temporary conversation is gone, and an appeal with it, before anybody could look. */
export const mayAppeal = (conversation: string): boolean => conversation !== temporary.get();

const AppealForm = lazy(() => import("./AppealForm"));

/** Until it is said: then the sentence above it tells so. */
export function Appeal({ conversation, answer }: { conversation: string; answer: string }) {
  const t = useT();
  const [asking, setAsking] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const sentence = useRef<HTMLElement>(null);

  const submit = async (comment: string): Promise<boolean> => {
    sentence.current = button.current?.closest(".ending")?.querySelector("p") ?? null;
    const arrived = await appeal(conversation, answer, comment, {
      arrived: t.status.appealed,
      failed: t.appeal.failed,
    });
    if (!arrived) sentence.current = null;
    return arrived;
  };
  // This goes with its button, and hands on the focus.
  useEffect(() => () => sentence.current?.focus(), []);
  return (
    <>
      <button ref={button} type="button" className="btn btn-small" onClick={() => setAsking(true)}>
        {t.actions.appeal}
      </button>
      {asking && (
        <Suspense>
          <AppealForm words={t.appeal} anchor={button} onSubmit={submit} onClose={() => setAsking(false)} />
        </Suspense>
      )}
    </>
  );
}
