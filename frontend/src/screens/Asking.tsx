import { type ReactNode, type RefObject, useLayoutEffect, useRef, useState } from "react";
import { Icon } from "../ui/Icon";
import { placeBeside } from "../ui/placeBeside";

const MAX_COMMENT = 500;

export interface AskingWords {
  title: string;
  comment: string;
  submit: string;
  skip: string;
  failed: string;
}

/**
 * Asks for a few words about an answer, beside the button that was pressed. It stays until they have arrived; closed by
 * Esc or a click elsewhere, it says nothing.
 */
export function Asking({
  words,
  wordless,
  anchor,
  onSubmit,
  onClose,
  children,
}: {
  words: AskingWords;
  /** There is something to send without a comment. */
  wordless: boolean;
  anchor: RefObject<HTMLElement | null>;
  /** Says whether it arrived. */
  onSubmit: (comment: string) => Promise<boolean>;
  onClose: () => void;
  children?: ReactNode;
}) {
  const panel = useRef<HTMLFormElement>(null);
  const [comment, setComment] = useState("");
  const [sending, setSending] = useState(false);
  const [failed, setFailed] = useState(false);

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
  const submit = async (): Promise<void> => {
    setSending(true);
    const arrived = await onSubmit(comment.trim());
    setSending(false);
    setFailed(!arrived);
    if (arrived) close();
  };
  return (
    <form
      ref={panel}
      popover="auto"
      className="popup asking"
      aria-label={words.title}
      onToggle={(event) => event.newState === "closed" && onClose()}
      onKeyDown={(event) => event.key === "Escape" && close()}
      onSubmit={(event) => {
        event.preventDefault();
        if (!sending) void submit();
      }}
    >
      <p className="asking-head">{words.title}</p>
      {children}
      <textarea
        rows={2}
        maxLength={MAX_COMMENT}
        aria-label={words.comment}
        placeholder={words.comment}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      {failed && (
        <p className="fault mb-3">
          <Icon name="warn" size={18} />
          <span>{words.failed}</span>
        </p>
      )}
      <div className="buttons justify-end">
        <button type="button" className="btn btn-small" onClick={close}>
          {words.skip}
        </button>
        <button
          type="submit"
          className="btn btn-small btn-primary"
          disabled={!wordless && comment.trim() === ""}
          aria-disabled={sending}
        >
          {words.submit}
        </button>
      </div>
    </form>
  );
}
