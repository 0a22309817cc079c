import { useEffect, useId, useState } from "react";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";

const TAIL_CHARS = 240;

/** Seconds of thinking seen by this tab; after a reload they are not known, and nothing is made up. */
const seen = new Map<string, number>();

/** Two lines that never open or close by themselves, so that the answer below never jumps. */
export function Reasoning({ generation, text, live }: { generation: string; text: string; live: boolean }) {
  const t = useT();
  const id = useId();
  const [open, setOpen] = useState(false);
  const [seconds, setSeconds] = useState(seen.get(generation) ?? 0);

  useEffect(() => {
    if (!live) return;
    const began = performance.now() - (seen.get(generation) ?? 0) * 1000;
    const timer = setInterval(() => {
      const now = Math.max(1, Math.round((performance.now() - began) / 1000));
      seen.set(generation, now);
      setSeconds(now);
    }, 500);
    return () => clearInterval(timer);
  }, [live, generation]);

  const label = live
    ? t.reasoning.live(seconds)
    : seconds
      ? t.reasoning.done(seconds)
      : t.reasoning.doneUnknown;
  return (
    <div className="reasoning" data-live={live || undefined}>
      <button type="button" aria-expanded={open} aria-controls={id} onClick={() => setOpen((now) => !now)}>
        <span className="reasoning-head">
          <span>
            {label}
            <span className="visually-hidden"> {open ? t.reasoning.hide : t.reasoning.show}</span>
          </span>
          <Icon name="chevron" size={16} />
        </span>
        <span className="reasoning-tail" aria-hidden="true">
          <span>{text.slice(-TAIL_CHARS).replace(/\s+/g, " ")}</span>
        </span>
      </button>
      <div id={id} className="reasoning-all" hidden={!open}>
        {open && text}
      </div>
    </div>
  );
}
