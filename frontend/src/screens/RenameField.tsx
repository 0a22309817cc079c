import { useRef, useState } from "react";
import { useT } from "../i18n";
import { composing } from "../ime";

const LONGEST = 120;

export function RenameField({ title, onDone }: { title: string; onDone: (title: string) => void }) {
  const t = useT();
  const [text, setText] = useState(title);
  // Esc unmounts the field, which blurs it: what was given up must not be saved by the blur.
  const over = useRef(false);
  const done = (result: string): void => {
    if (over.current) return;
    over.current = true;
    onDone(result);
  };
  return (
    <input
      ref={(input) => {
        if (!input || input.dataset.ready) return;
        input.dataset.ready = "yes";
        input.focus();
        input.select();
      }}
      aria-label={t.nav.renameField}
      value={text}
      maxLength={LONGEST}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => done(text.trim())}
      onKeyDown={(event) => {
        if (composing(event)) return;
        if (event.key === "Enter") done(text.trim());
        if (event.key !== "Escape") return;
        // Only the name is given up: the drawer that the row may be in stays open.
        event.preventDefault();
        done("");
      }}
    />
  );
}
