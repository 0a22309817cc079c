import { useEffect, useRef, useState } from "react";
import { useCell } from "../cell";
import { type Toast, toast } from "../toast";

/** Long enough to read and reach; it waits for whoever points at it or has the focus in it. */
const STAYS_MS = 8000;

export function Toasts() {
  const now = useCell(toast);
  return now && <Shown key={now.text} now={now} />;
}

function Shown({ now }: { now: Toast }) {
  const [held, setHeld] = useState(false);
  const before = useRef<EventTarget | null>(null);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => {
      toast.set(null);
      now.onGone?.();
    }, STAYS_MS);
    return () => clearTimeout(timer);
  }, [now, held]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only keeps it from going
    <div
      className="toast"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={(event) => {
        before.current = event.relatedTarget;
        setHeld(true);
      }}
      onBlur={() => setHeld(false)}
    >
      <span>{now.text}</span>
      <button
        type="button"
        className="link-btn"
        aria-keyshortcuts="F8"
        onClick={() => {
          // The button goes: the focus is given back to where it came from.
          if (before.current instanceof HTMLElement) before.current.focus();
          toast.set(null);
          now.onAction();
        }}
      >
        {now.action}
      </button>
    </div>
  );
}
