/** The threads of this tab, and the only way to change them. Components read through `useThread`. */
import { useCallback, useSyncExternalStore } from "react";
import { type Action, type Effect, emptyThread, reduce, type ThreadState } from "./thread";
import type { ServerFrame } from "./wire";

const KEPT_THREADS = 8;
const HIDDEN_PAINT_MS = 250;

type RunEffect = (effect: Effect) => void;

export function createStore(runEffect: RunEffect) {
  const threads = new Map<string, ThreadState>();
  const owners = new Map<string, string>();
  const listeners = new Map<string, Set<() => void>>();
  const dirty = new Set<string>();
  let painting = false;

  const paint = (): void => {
    painting = false;
    const ids = [...dirty];
    dirty.clear();
    for (const id of ids) for (const run of listeners.get(id) ?? []) run();
  };
  /** Many frames, one paint. A hidden tab has no animation frames, and still has to keep its title and its word. */
  const wake = (id: string): void => {
    dirty.add(id);
    if (painting) return;
    painting = true;
    if (document.visibilityState === "hidden") setTimeout(paint, HIDDEN_PAINT_MS);
    else requestAnimationFrame(paint);
  };

  const evict = (keep: string): void => {
    for (const id of threads.keys()) {
      if (threads.size <= KEPT_THREADS) return;
      if (id !== keep && !listeners.get(id)?.size) threads.delete(id);
    }
  };

  const dispatch = (conversation: string, input: ServerFrame | Action): void => {
    const before = threads.get(conversation) ?? emptyThread(conversation);
    const [next, effects] = reduce(before, input);
    if (next !== before) {
      threads.delete(conversation);
      threads.set(conversation, next);
      for (const id of Object.keys(next.generations)) owners.set(id, conversation);
      evict(conversation);
      wake(conversation);
    }
    for (const effect of effects) runEffect(effect);
  };

  return {
    dispatch,
    get: (id: string): ThreadState | undefined => threads.get(id),
    ownerOf: (generation: string): string | undefined => owners.get(generation),
    /** The thread that waits for the answer to this op. */
    asking: (op: string): string | undefined =>
      [...threads.values()].find((thread) => thread.pending[op] !== undefined)?.id,
    each: (run: (thread: ThreadState) => void): void => {
      for (const thread of [...threads.values()]) run(thread);
    },
    /** A thread of which nothing may stay. */
    drop: (id: string): void => {
      threads.delete(id);
      wake(id);
    },
    clear: (): void => {
      const ids = [...threads.keys()];
      threads.clear();
      owners.clear();
      for (const id of ids) wake(id);
    },
    subscribe: (id: string, run: () => void): (() => void) => {
      const set = listeners.get(id) ?? new Set();
      listeners.set(id, set.add(run));
      return () => void set.delete(run);
    },
  };
}

export type Store = ReturnType<typeof createStore>;

/** `select` must return the same reference for the same state. */
export function useThread<T>(store: Store, id: string, select: (thread: ThreadState | undefined) => T): T {
  const subscribe = useCallback((run: () => void) => store.subscribe(id, run), [store, id]);
  return useSyncExternalStore(subscribe, () => select(store.get(id)));
}
