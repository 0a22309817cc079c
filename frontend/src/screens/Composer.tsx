import { type ReactNode, type Ref, useImperativeHandle, useRef, useState } from "react";
import { announcer } from "../announce";
import { useCell } from "../cell";
import { blankOf, type ComposerButton, composerButton, entersSend, joined, touchFirst } from "../composer";
import { formatNumber, useLocale, useT } from "../i18n";
import { composing } from "../ime";
import { enterSends } from "../prefs";
import { takeFirstWords } from "../shell";
import type { Phase } from "../thread";
import { Icon } from "../ui/Icon";
import { codePoints, TEXT_LIMIT } from "../wire";
import { useComposerText } from "./useComposerText";

/** Whatever comes into the box joins what stands there. */
export interface ComposerHandle {
  /** Words the person said before. */
  giveBack(words: string): void;
  /** Words to begin with; others may be chosen in their place as long as nothing was written into them. */
  offer(starter: string): void;
  focus(): void;
}

const COUNT_FROM = TEXT_LIMIT * 0.8;
/** A double click on send must not stop the answer it has just asked for. */
const GUARD_MS = 350;

export function Composer({
  ref,
  place,
  placeholder,
  signedIn,
  paused = false,
  phase,
  chips,
  above,
  onSend,
  onStop,
  onSignIn,
}: {
  ref?: Ref<ComposerHandle>;
  place: string;
  placeholder: string;
  signedIn: boolean;
  paused?: boolean;
  phase: Phase | null;
  chips?: ReactNode;
  above?: ReactNode;
  onSend: (text: string) => void;
  onStop: () => void;
  onSignIn: () => void;
}) {
  const t = useT();
  const locale = useLocale();
  const sends = useCell(enterSends);
  const area = useRef<HTMLTextAreaElement>(null);
  const [first] = useState(takeFirstWords);
  const { text, write, put, moved, sent } = useComposerText(place, area, first);
  const sentAt = useRef(Number.NEGATIVE_INFINITY);
  const offered = useRef("");

  const length = codePoints(text);
  const button = composerButton({ signedIn, paused, text, phase });
  const busy = button === "stop" || button === "cancel_queue" || button === "stopping";

  const fill = (words: string, selected: [number, number]): void => {
    put(words);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(...selected);
    });
  };
  useImperativeHandle(ref, () => ({
    giveBack: (words) => {
      const whole = joined(text, words);
      fill(whole, [whole.length, whole.length]);
    },
    offer: (starter) => {
      const whole = joined(text === offered.current ? "" : text, starter);
      offered.current = whole === starter ? starter : "";
      fill(whole, blankOf(whole, whole.length - starter.length));
    },
    focus: () => area.current?.focus({ preventScroll: true }),
  }));

  const send = (): void => {
    if (button === "sign_in") return onSignIn();
    if (length > TEXT_LIMIT)
      return announcer.say("composer", t.composer.over(formatNumber(length - TEXT_LIMIT, locale)));
    if (text.trim() === "" || paused) return;
    sentAt.current = performance.now();
    onSend(text);
    sent();
  };
  const click = (): void => {
    if (performance.now() - sentAt.current < GUARD_MS) return;
    if (button === "stop" || button === "cancel_queue") onStop();
    else if (button !== "stopping") send();
    area.current?.focus({ preventScroll: true });
  };
  const keyDown = (event: React.KeyboardEvent<HTMLTextAreaElement>): void => {
    if (composing(event)) return;
    if (event.key === "Escape" && (button === "stop" || button === "cancel_queue")) return onStop();
    if (!entersSend(event, { touch: touchFirst(), enterSends: sends })) return;
    event.preventDefault();
    send();
  };

  return (
    <>
      {above}
      <form
        className="composer"
        aria-label={t.composer.form}
        onSubmit={(event) => {
          event.preventDefault();
          click();
        }}
      >
        <textarea
          ref={area}
          id="composer"
          aria-label={t.composer.label}
          placeholder={placeholder}
          value={text}
          rows={1}
          enterKeyHint={touchFirst() || !sends ? "enter" : "send"}
          spellCheck={locale === "en"}
          onChange={(event) => write(event.target.value)}
          onSelect={moved}
          onKeyDown={keyDown}
        />
        <div className="composer-row">
          {chips}
          {length > COUNT_FROM && (
            <span className={length > TEXT_LIMIT ? "counter is-over" : "counter"}>
              {length > TEXT_LIMIT
                ? t.composer.over(formatNumber(length - TEXT_LIMIT, locale))
                : t.composer.count(formatNumber(length, locale), formatNumber(TEXT_LIMIT, locale))}
            </span>
          )}
          {busy && text.trim() !== "" && touchFirst() && <LaterButton onClick={send} />}
          <SendButton button={button} busy={busy} />
        </div>
      </form>
      <p className="composer-note ai-label">{t.composer.label_ai}</p>
    </>
  );
}

/** What Enter does on a keyboard while an answer is written: on a touch screen it breaks the line. */
function LaterButton({ onClick }: { onClick: () => void }) {
  const t = useT();
  return (
    <button
      type="button"
      className="go"
      aria-label={t.composer.next}
      title={t.composer.next}
      onClick={onClick}
    >
      <Icon name="up" />
    </button>
  );
}

/** One button; only its name and face change, so that it keeps the focus. */
function SendButton({ button, busy }: { button: ComposerButton; busy: boolean }) {
  const t = useT();
  const names: Record<ComposerButton, string> = {
    sign_in: t.composer.signIn,
    over: t.composer.send,
    paused: t.composer.send,
    empty: t.composer.send,
    send: t.composer.send,
    cancel_queue: t.composer.cancelQueue,
    stop: t.composer.stop,
    stopping: t.composer.stopping,
  };
  const off = button === "over" || button === "paused" || button === "empty" || button === "stopping";
  return (
    <button
      type="submit"
      className={busy ? "go is-stop" : "go"}
      aria-label={names[button]}
      title={names[button]}
      aria-disabled={off}
    >
      {busy ? (
        <svg width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">
          <rect x="1" y="1" width="12" height="12" rx="2.500" fill="currentColor" />
        </svg>
      ) : (
        <Icon name="up" />
      )}
    </button>
  );
}
