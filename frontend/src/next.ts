/**
 * What is said in a conversation before its last answer is done: it waits, and is sent when the thread is free, wherever
 * in the page the person is. It is in the outbox from the beginning, under the id that it is sent with, and only marked
 * as waiting; to send it is one write there. The tabs of a browser share that disk: whichever makes the write sends it.
 */
import { createCell } from "./cell";
import { joined } from "./composer";
import { type Keep, memoryKeep } from "./keep";
import type { SendOp } from "./outbox";
import type { Store } from "./store";
import { followed, isFree } from "./thread";

interface NextWorld {
  store: Pick<Store, "get" | "subscribe">;
  send(op: SendOp): void;
}

export const nextWords = (waiting: readonly SendOp[], conversation: string): string =>
  waiting
    .filter((op) => op.conversation === conversation)
    .reduce((all, op) => joined(all, op.frame.text), "");

/** Said in several goes, sent as one message: the id of the first, the choices of the last. */
function gathered(ops: readonly SendOp[], parent: string | null): SendOp | null {
  const [first, last] = [ops[0], ops.at(-1)];
  if (!first || !last) return null;
  const text = nextWords(ops, first.conversation);
  const frame = { ...last.frame, id: first.id, text, parent };
  return { ...last, id: first.id, at: Date.now(), waits: undefined, frame };
}

export function createNext({ store, send }: NextWorld) {
  const waiting = createCell<readonly SendOp[]>([]);
  const sent = createCell<SendOp | null>(null);
  const watched = new Map<string, () => void>();
  const leaving = new Set<string>();
  let keep: Keep = memoryKeep();
  let written: Promise<unknown> = Promise.resolve();

  const set = (ops: readonly SendOp[]): void => {
    waiting.set(ops);
    const due = new Set(ops.map((op) => op.conversation));
    for (const [conversation, leave] of watched) {
      if (due.has(conversation)) continue;
      leave();
      watched.delete(conversation);
    }
    for (const conversation of due) {
      if (!watched.has(conversation)) {
        watched.set(
          conversation,
          store.subscribe(conversation, () => look(conversation)),
        );
      }
      look(conversation);
    }
  };
  const without = (gone: readonly SendOp[]): readonly SendOp[] =>
    waiting.get().filter((op) => !gone.some((it) => it.id === op.id));
  const of = (conversation: string): readonly SendOp[] =>
    waiting.get().filter((op) => op.conversation === conversation);

  const look = (conversation: string): void => {
    const thread = store.get(conversation);
    if (!thread || !isFree(thread) || leaving.has(conversation)) return;
    leaving.add(conversation);
    void leave(conversation, followed(thread));
  };
  const leave = async (conversation: string, parent: string | null): Promise<void> => {
    await written;
    const mine = of(conversation);
    const off = mine.filter((op) => op.fleeting);
    const ready =
      off.length === mine.length
        ? gathered(off, parent)
        : await taken(conversation, parent, off).catch(() => gathered(mine, parent));
    if (ready) send(ready);
    leaving.delete(conversation);
    set(without(mine));
    if (ready) sent.set(ready);
  };
  /** Nothing where another tab was first, or the person took it back there; what was said in other tabs is with it. */
  const taken = async (
    conversation: string,
    parent: string | null,
    off: readonly SendOp[],
  ): Promise<SendOp | null> => {
    let ready: SendOp | null = null;
    await keep.rewrite<SendOp>("outbox", (all) => {
      const due = all.filter((op) => op.waits && op.conversation === conversation);
      ready = gathered(
        [...due, ...off].sort((a, b) => a.at - b.at),
        parent,
      );
      return { put: ready ? [ready] : [], remove: due.map((op) => op.id).filter((id) => id !== ready?.id) };
    });
    return ready;
  };

  return {
    waiting,
    /** What went last. */
    sent,
    add: (op: SendOp): void => {
      const it = { ...op, waits: true };
      // A disk that does not take it: it waits in memory.
      const unkept = (): void =>
        waiting.set(waiting.get().map((op) => (op.id === it.id ? { ...op, fleeting: true } : op)));
      if (!it.fleeting) written = Promise.all([written, keep.put("outbox", it).catch(unkept)]);
      // Last: it may go at once, and then it is looked for on the disk.
      set([...waiting.get(), it]);
    },
    /** Taken back by the person, or left with a temporary conversation: the words are somewhere else now. */
    drop: (conversation: string): void => {
      const mine = of(conversation);
      set(without(mine));
      const ids = new Set(mine.map((op) => op.id));
      const gone = (all: readonly SendOp[]) => all.filter((op) => op.waits && ids.has(op.id));
      keep
        .rewrite<SendOp>("outbox", (all) => ({ put: [], remove: gone(all).map((op) => op.id) }))
        .catch(() => undefined);
    },
    /** Of an earlier life of this tab, or of another one. */
    open: (disk: Keep, ops: readonly SendOp[]): void => {
      keep = disk;
      set([...waiting.get().filter((op) => op.fleeting), ...ops]);
    },
    clear: (): void => set([]),
  };
}
