/**
 * One WebSocket per tab. It owns nothing: what must survive lives in the outbox and the threads.
 * Clock, chance and the socket itself are injected; no React here.
 */
import { type ClientFrame, parseFrame, type ServerFrame } from "./wire";

/** `restarting`: the server said 1012 and comes back by itself. `elsewhere`: too many tabs, this one waits for its turn. */
export type Link = "off" | "connecting" | "live" | "waiting" | "restarting" | "signed_out" | "elsewhere";

export interface SocketLike {
  send(data: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
}

export interface SocketWorld {
  connect(): SocketLike;
  after(ms: number, run: () => void): () => void;
  random(): number;
}

export interface SocketEvents {
  frame(frame: ServerFrame): void;
  link(link: Link, failures: number): void;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const STABLE_MS = 30_000;
const PING_MS = 20_000;
const SILENCE_MS = 45_000;
const RESTART_SPREAD_MS = 2_000;

export interface Socket {
  start(): void;
  stop(): void;
  /** False when the line is down; whoever needs the frame says it again after `welcome`. */
  send(frame: ClientFrame): boolean;
  /** Something in the world got better (online, visible, focus): do not wait for the timer. */
  nudge(): void;
}

export function createSocket(world: SocketWorld, events: SocketEvents): Socket {
  let socket: SocketLike | null = null;
  let link: Link = "off";
  let failures = 0;
  const timers = new Map<"retry" | "ping" | "silence" | "stable", () => void>();

  const cancel = (name: "retry" | "ping" | "silence" | "stable"): void => {
    timers.get(name)?.();
    timers.delete(name);
  };
  const later = (name: "retry" | "ping" | "silence" | "stable", ms: number, run: () => void): void => {
    cancel(name);
    timers.set(name, world.after(ms, run));
  };
  const quiet = (): void => {
    for (const name of ["retry", "ping", "silence", "stable"] as const) cancel(name);
  };
  const become = (next: Link): void => {
    link = next;
    events.link(next, failures);
  };

  const drop = (): void => {
    const old = socket;
    socket = null;
    if (!old) return;
    old.onopen = old.onmessage = old.onclose = null;
    old.close(1000);
  };

  const open = (): void => {
    quiet();
    drop();
    if (link !== "restarting") become("connecting");
    const mine = world.connect();
    socket = mine;
    mine.onopen = () => {
      heard();
      keepAlive();
    };
    mine.onmessage = ({ data }) => {
      heard();
      if (typeof data !== "string") return;
      const frame = parseFrame(data);
      if (!frame) return;
      if (frame.type === "welcome") {
        later("stable", STABLE_MS, () => {
          failures = 0;
        });
        become("live");
      }
      events.frame(frame);
    };
    mine.onclose = ({ code }) => {
      if (socket !== mine) return;
      socket = null;
      closed(code);
    };
    later("silence", SILENCE_MS, lost);
  };

  const heard = (): void => later("silence", SILENCE_MS, lost);
  const keepAlive = (): void =>
    later("ping", PING_MS, () => {
      socket?.send(JSON.stringify({ type: "ping" }));
      keepAlive();
    });
  const lost = (): void => {
    drop();
    closed(4408);
  };

  const closed = (code: number): void => {
    quiet();
    if (code === 4401) return become("signed_out");
    if (code === 4409) return become("elsewhere");
    failures += 1;
    if (code === 1012) {
      become("restarting");
      later("retry", world.random() * RESTART_SPREAD_MS, open);
      return;
    }
    if (link !== "restarting" || failures > 4) become("waiting");
    // Full jitter: a fleet that lost its server must not come back as one.
    const cap = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failures);
    const floor = code === 1013 || code === 4429 ? cap / 2 : 0;
    later("retry", floor + world.random() * (cap - floor), open);
  };

  return {
    start: () => {
      failures = 0;
      open();
    },
    stop: () => {
      quiet();
      drop();
      become("off");
    },
    send: (frame) => {
      if (link !== "live" || !socket) return false;
      socket.send(JSON.stringify(frame));
      return true;
    },
    nudge: () => {
      if (link === "waiting" || link === "elsewhere" || link === "restarting") open();
    },
  };
}
