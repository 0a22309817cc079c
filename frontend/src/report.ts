/**
 * What only the page can know, told to the server in batches: what its person saw, chose and copied. Best effort and
 * small: a batch the server refuses is dropped, one that met silence is said again under the same ids.
 */
import { fetchJson } from "./api/client";
import { uuid7 } from "./ids";

export type Happening =
  | { kind: "scenario_seen" | "scenario_chosen"; scenario: string }
  | { kind: "copied"; answer: string }
  | { kind: "acquired"; campaign: string };

interface Kept {
  id: string;
  at: number;
  what: Happening;
}

export const EVERY_MS = 4000;
const BATCH = 50;
const MOST_KEPT = 200;

export interface ReporterWorld {
  /** The status of the reply; 0 for silence. */
  post: (body: unknown) => Promise<number>;
  /** A stopwatch in milliseconds: never set back, as a clock is. */
  now: () => number;
  after: (ms: number, run: () => void) => () => void;
}

export function createReporter({ post, now, after }: ReporterWorld) {
  let kept: Kept[] = [];
  let cancel: (() => void) | null = null;
  const said = new Set<string>();

  const flush = async (): Promise<void> => {
    cancel?.();
    cancel = null;
    const batch = kept.slice(0, BATCH);
    kept = kept.slice(BATCH);
    if (batch.length === 0) return;
    const events = batch.map(({ id, at, what }) => ({ id, age_ms: Math.round(now() - at), ...what }));
    const status = await post({ events });
    if (status === 0 || status === 429 || status >= 500) kept = [...batch, ...kept].slice(-MOST_KEPT);
    if (kept.length > 0) wait();
  };
  const wait = (): void => {
    cancel ??= after(EVERY_MS, () => {
      cancel = null;
      void flush();
    });
  };

  return {
    flush,
    tell(what: Happening): void {
      kept = [...kept, { id: uuid7(), at: now(), what }].slice(-MOST_KEPT);
      wait();
    },
    /** For what counts once however often it happens, as long as the page lives. */
    tellOnce(what: Happening): void {
      const key = JSON.stringify(what);
      if (said.has(key)) return;
      said.add(key);
      this.tell(what);
    },
    /** Another person sits here now: what was theirs is not told as somebody else's. */
    forget(): void {
      kept = [];
      said.clear();
      cancel?.();
      cancel = null;
    },
  };
}

export const reporter = createReporter({
  post: async (body) => {
    const reply = await fetchJson("/api/engagement/", "POST", body).catch(() => null);
    return reply?.status ?? 0;
  },
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});
