import { useEffect, useState } from "react";
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
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{now.text}</span>
      <button
        type="button"
        className="link-btn"
        onClick={() => {
          toast.set(null);
          now.onAction();
        }}
      >
        {now.action}
      </button>
    </div>
  );
}
