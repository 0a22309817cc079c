import { useSyncExternalStore } from "react";

/** One value outside React that components may watch. */
export interface Cell<T> {
  get(): T;
  set(value: T): void;
  subscribe(run: () => void): () => void;
}

export function createCell<T>(initial: T): Cell<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      for (const run of listeners) run();
    },
    subscribe: (run) => {
      listeners.add(run);
      return () => void listeners.delete(run);
    },
  };
}

export const useCell = <T>(cell: Cell<T>): T => useSyncExternalStore(cell.subscribe, cell.get);
