/**
 * What a person asked and the server has not yet accepted or refused. Each frame is said again, with the same id,
 * until one of the two comes. In one conversation one is under way at a time, so order is the order of asking.
 */
import type { Keep } from "./keep";
import type { Refusal } from "./thread";
import type { Continue, Regenerate, Send } from "./wire";

export interface Op {
  id: string;
  conversation: string;
  at: number;
  frame: Send | Regenerate | Continue;
  /** Of a temporary conversation: never on disk. */
  fleeting?: boolean;
  /** Said before the thread was free (next.ts): not yet to be sent. */
  waits?: boolean;
  /** Refused words stay on disk until the person sends them again or takes them back. */
  refusal?: Refusal;
}

export type SendOp = Op & { frame: Send };

export interface Outbox {
  /** Resolves once the words are on disk; the frame may be on its way before. */
  add(op: Op): Promise<void>;
  /** Accepted, or taken back by the person: the words are somewhere else now. */
  settle(id: string): void;
  refuse(id: string, refusal: Refusal): void;
  /** The line is up: say everything that is due. */
  flush(): void;
  /** The line went down: nothing is under way any more. */
  pause(): void;
  /** Ops of an earlier life of this tab. */
  restore(): Promise<Op[]>;
  size(): number;
}

const REPEAT_MS = 10_000;

export interface OutboxWorld {
  keep: Keep;
  send(frame: Op["frame"]): boolean;
  after(ms: number, run: () => void): () => void;
}

export function createOutbox({ keep, send, after }: OutboxWorld): Outbox {
  const ops = new Map<string, Op>();
  const underWay = new Map<string, () => void>();

  const say = (op: Op): void => {
    const busy = [...ops.values()].some((it) => it.conversation === op.conversation && underWay.has(it.id));
    if (busy || !send(op.frame)) return;
    underWay.set(
      op.id,
      after(REPEAT_MS, () => {
        underWay.delete(op.id);
        flush();
      }),
    );
  };
  const flush = (): void => {
    for (const op of [...ops.values()].sort((a, b) => a.at - b.at)) if (!underWay.has(op.id)) say(op);
  };
  const forget = (id: string): void => {
    underWay.get(id)?.();
    underWay.delete(id);
  };

  return {
    add: async (op) => {
      ops.set(op.id, op);
      const written = op.fleeting ? null : keep.put("outbox", op);
      say(op);
      await written?.catch(() => undefined);
    },
    settle: (id) => {
      ops.delete(id);
      forget(id);
      keep.remove("outbox", id).catch(() => undefined);
      flush();
    },
    refuse: (id, refusal) => {
      const op = ops.get(id);
      ops.delete(id);
      forget(id);
      if (op?.frame.type === "send" && !op.fleeting)
        keep.put("outbox", { ...op, refusal }).catch(() => undefined);
      else keep.remove("outbox", id).catch(() => undefined);
      flush();
    },
    flush,
    pause: () => {
      for (const id of [...underWay.keys()]) forget(id);
    },
    restore: async () => {
      const kept = await keep.all<Op>("outbox").catch(() => []);
      const fresh = kept.filter((op) => !ops.has(op.id)).sort((a, b) => a.at - b.at);
      for (const op of fresh) if (!op.refusal && !op.waits) ops.set(op.id, op);
      return fresh;
    },
    size: () => ops.size,
  };
}
