import type { RefObject } from "react";
import { Asking, type AskingWords } from "./Asking";

/** What the administration is told of an answer. */
export default function AppealForm({
  words,
  anchor,
  onSubmit,
  onClose,
}: {
  words: AskingWords & { who: string };
  anchor: RefObject<HTMLElement | null>;
  onSubmit: (comment: string) => Promise<boolean>;
  onClose: () => void;
}) {
  return (
    <Asking words={words} wordless anchor={anchor} onSubmit={onSubmit} onClose={onClose}>
      <p className="asking-note">{words.who}</p>
    </Asking>
  );
}
