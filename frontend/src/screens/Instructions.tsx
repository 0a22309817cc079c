import { useId, useState } from "react";
import { announcer } from "../announce";
import { Refused } from "../api/client";
import { saveMe } from "../api/queries";
import type { User } from "../api/shapes";
import { errorSentence, formatNumber, useLocale, useT } from "../i18n";
import { session } from "../live";

const LONGEST = 1500;

/** What the assistant should always keep in mind, in the person's own words. It goes with every question. */
export function Instructions({ user }: { user: User }) {
  const t = useT();
  const locale = useLocale();
  const id = useId();
  const [text, setText] = useState(user.instructions);
  const [said, setSaid] = useState("");
  const changed = text.trim() !== user.instructions;
  const say = (sentence: string): void => {
    setSaid(sentence);
    announcer.say("settings", sentence);
  };
  const save = async (): Promise<void> => {
    try {
      session.set({ type: "in", user: await saveMe({ instructions: text.trim() }) });
      say(t.settings.saved);
    } catch (error) {
      say(errorSentence({ code: error instanceof Refused ? error.code : "internal" }, locale));
    }
  };
  return (
    <div className="setting is-tall">
      <label htmlFor={id}>{t.settings.instructions}</label>
      <p id={`${id}-hint`}>{t.settings.instructionsHint}</p>
      <textarea
        id={id}
        aria-describedby={`${id}-hint`}
        className="field"
        rows={4}
        maxLength={LONGEST}
        placeholder={t.settings.instructionsExample}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setSaid("");
        }}
      />
      <div className="setting-foot">
        <span className="counter">{`${formatNumber(text.length, locale)} / ${formatNumber(LONGEST, locale)}`}</span>
        <span className="setting-said">{said}</span>
        <button
          type="button"
          className="btn btn-small btn-primary"
          aria-disabled={!changed}
          onClick={() => changed && void save()}
        >
          {t.settings.save}
        </button>
      </div>
    </div>
  );
}
