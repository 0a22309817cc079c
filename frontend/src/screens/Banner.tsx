import { useEffect, useState, useSyncExternalStore } from "react";
import { useCell } from "../cell";
import { useT } from "../i18n";
import { line, session, socket } from "../live";

const PATIENCE_MS = 3000;
const BLOCKED_AFTER = 6;

const watchOnline = (run: () => void): (() => void) => {
  addEventListener("online", run);
  addEventListener("offline", run);
  return () => {
    removeEventListener("online", run);
    removeEventListener("offline", run);
  };
};

/** At most one line, by priority. A line that breaks for less than three seconds is nobody's business. */
export function Banner({ onSignIn }: { onSignIn: () => void }) {
  const t = useT();
  const { link, failures } = useCell(line);
  const now = useCell(session);
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const down = now.type === "in" && link !== "live" && link !== "off";
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!down) return;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [down]);

  if (now.type === "expired") {
    return (
      <div className="banner">
        {t.banner.expired}
        <button type="button" className="link-btn" onClick={onSignIn}>
          {t.banner.signIn}
        </button>
      </div>
    );
  }
  if (!online && now.type === "in") return <div className="banner">{t.banner.offline}</div>;
  if (link === "restarting" && down) return <div className="banner is-calm">{t.banner.restarting}</div>;
  if (link === "elsewhere") {
    return (
      <div className="banner is-calm">
        {t.banner.elsewhere}
        <button type="button" className="link-btn" onClick={() => socket.nudge()}>
          {t.banner.resume}
        </button>
      </div>
    );
  }
  if (!down || !late) return null;
  return <div className="banner">{failures >= BLOCKED_AFTER ? t.banner.blocked : t.banner.reconnecting}</div>;
}
