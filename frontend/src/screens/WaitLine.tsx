import { type ReactNode, useRef } from "react";
import { useT } from "../i18n";
import type { Generation, Phase } from "../thread";

/** What stands where the answer will be, until it begins. */
export function WaitLine({
  phase,
  generation,
  started,
  instead,
}: {
  phase: Phase;
  generation: Generation;
  started: boolean;
  instead: ReactNode;
}) {
  const t = useT();
  if (phase === "queued" && generation.position !== null) {
    return <Queue position={generation.position} etaS={generation.etaS} instead={instead} />;
  }
  if (started) return null;
  if (phase === "queued" || phase === "starting")
    return <p className="status is-waiting status-late">{t.status.starting}</p>;
  return phase === "stopping" ? <p className="status is-waiting">{t.status.stopping}</p> : null;
}

function Queue({ position, etaS, instead }: { position: number; etaS: number | null; instead: ReactNode }) {
  const t = useT();
  const first = useRef(position);
  const ahead = Math.max(0, position - 1);
  // The last step is the answer's own beginning: while it waits, the way is never all behind it.
  const way = 1 - position / (first.current + 1);
  return (
    <div className="queue">
      <strong>
        {etaS === null ? t.status.queued(ahead) : t.status.queuedEta(ahead, Math.max(1, Math.round(etaS)))}
      </strong>
      <div className="track" aria-hidden="true">
        <i style={{ width: `${Math.round(Math.max(0.06, way) * 100)}%` }} />
      </div>
      <p>{t.status.queuedKeep}</p>
      {instead}
    </div>
  );
}
