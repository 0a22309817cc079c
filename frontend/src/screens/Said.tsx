import { useEffect, useState } from "react";
import { say, takeBack } from "../ask";
import { useCell } from "../cell";
import { errorSentence, useLocale, useT } from "../i18n";
import { composing } from "../ime";
import { line } from "../live";
import type { Row, UserMessage } from "../thread";
import { CopyButton } from "../ui/CopyButton";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Toolbar } from "../ui/Toolbar";
import { RefusedLine, StopFirst } from "./Refused";
import { Siblings } from "./Siblings";
import type { AskChoices } from "./turn_types";

const FOLD_LINES = 12;
const FOLD_CHARS = 700;
const QUIET_MS = 1000;

export function Said({
  conversation,
  row,
  message,
  running,
  choices,
  giveBack,
  onEdit,
}: {
  conversation: string;
  row: Row;
  message: UserMessage;
  running: string | null;
  choices: AskChoices;
  giveBack: (words: string) => void;
  onEdit: () => void;
}) {
  const t = useT();
  const long = message.text.length > FOLD_CHARS || message.text.split("\n").length > FOLD_LINES;
  const [folded, setFolded] = useState(true);

  return (
    <div className="said" data-message={message.id}>
      <h2 className="visually-hidden">{t.thread.you}</h2>
      <p
        className="said-text"
        dir="auto"
        data-status={message.status}
        data-folded={(long && folded) || undefined}
      >
        {message.text}
      </p>
      {long && (
        <button
          type="button"
          className="link-btn mt-1 text-[0.8125rem]"
          aria-expanded={!folded}
          data-unfold={folded || undefined}
          onClick={() => setFolded((now) => !now)}
        >
          {folded ? t.thread.expand : t.thread.collapse}
        </button>
      )}
      {message.status === "rejected" && message.refusal && (
        <div className="mt-2 flex max-w-[85%] flex-col items-end gap-2">
          <RefusedLine refusal={message.refusal} />
          <div className="buttons">
            <StopFirst conversation={conversation} refusal={message.refusal} running={running} />
            <button
              type="button"
              className="btn btn-small"
              onClick={() => {
                giveBack(message.text);
                takeBack(conversation, message);
              }}
            >
              {t.actions.putBack}
            </button>
            <button
              type="button"
              className="btn btn-small btn-primary"
              onClick={() => {
                say({ conversation, parent: message.parent, text: message.text, ...choices });
                takeBack(conversation, message);
              }}
            >
              {t.actions.retry}
            </button>
          </div>
        </div>
      )}
      <div className="quiet">
        {message.status === "outbox" && <Waiting />}
        {message.status === "acked" && (
          <Toolbar label={t.actions.questionGroup}>
            <IconButton
              data-key="edit"
              className="tool"
              name="edit"
              size={18}
              label={t.actions.edit}
              onClick={onEdit}
            />
            <CopyButton label={t.actions.copy} text={() => message.text} />
          </Toolbar>
        )}
        <Siblings conversation={conversation} row={row} />
      </div>
    </div>
  );
}

/** For the first second nothing is said: most messages are accepted sooner. */
function Waiting() {
  const t = useT();
  const { link } = useCell(line);
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!late) return null;
  return (
    <span className="inline-flex items-center gap-1">
      <Icon name="clock" size={16} />
      {link === "live" ? t.thread.sending : t.thread.waitingNetwork}
    </span>
  );
}

export function EditQuestion({
  text: before,
  busy,
  onSave,
  onCancel,
}: {
  text: string;
  busy: boolean;
  onSave: (text: string) => void;
  onCancel: () => void;
}) {
  const t = useT();
  const locale = useLocale();
  const [text, setText] = useState(before);
  const ready = text.trim() !== "" && !busy;
  const save = (): void => {
    if (ready) onSave(text);
  };
  return (
    <div className="said-edit">
      <textarea
        ref={(area) => {
          if (!area || area.dataset.ready) return;
          area.dataset.ready = "yes";
          area.focus();
          area.setSelectionRange(area.value.length, area.value.length);
        }}
        aria-label={t.actions.editField}
        value={text}
        rows={2}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (composing(event)) return;
          if (event.key === "Escape" && text === before) onCancel();
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
        }}
      />
      <div className="buttons">
        <button type="button" className="btn btn-small" onClick={onCancel}>
          {t.actions.cancel}
        </button>
        <button
          type="button"
          className="btn btn-small btn-primary"
          aria-disabled={!ready}
          title={busy ? errorSentence({ code: "busy" }, locale) : undefined}
          onClick={save}
        >
          {t.actions.saveAndSend}
        </button>
      </div>
    </div>
  );
}
