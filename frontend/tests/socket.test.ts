import { beforeEach, describe, expect, test } from "vitest";
import { createSocket, type Link, type Socket, type SocketLike } from "../src/socket";
import type { ServerFrame } from "../src/wire";
import { createClock } from "./clock";

class FakeSocket implements SocketLike {
  sent: string[] = [];
  closed = false;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(data: string) {
    this.sent.push(data);
  }
  close() {
    this.closed = true;
  }
  welcome() {
    this.onopen?.();
    this.say({ type: "welcome", user: { email: "li@example.com", name: "", locale: "zh" }, active: [] });
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
}

let sockets: FakeSocket[];
let links: Link[];
let frames: ServerFrame[];
let clock: ReturnType<typeof createClock>;
let socket: Socket;
const latest = (): FakeSocket => {
  const it = sockets.at(-1);
  if (!it) throw new Error("nothing was opened");
  return it;
};

beforeEach(() => {
  sockets = [];
  links = [];
  frames = [];
  clock = createClock();
  const connect = () => {
    sockets.push(new FakeSocket());
    return latest();
  };
  socket = createSocket(
    { connect, after: clock.after, random: () => 0.5 },
    { frame: (frame) => frames.push(frame), link: (link) => links.push(link) },
  );
  socket.start();
});

test("is live only after the welcome", () => {
  expect(socket.send({ type: "ping" })).toBe(false);
  latest().welcome();
  expect(links).toEqual(["connecting", "live"]);
  expect(socket.send({ type: "stop", generation: "g" })).toBe(true);
  expect(latest().sent).toEqual(['{"type":"stop","generation":"g"}']);
});

test("ignores what is no frame", () => {
  latest().welcome();
  latest().onmessage?.({ data: "{" });
  latest().say({ type: "confetti" });
  expect(frames).toHaveLength(1);
});

describe("a lost line", () => {
  test("is tried again, later each time, at most 30 seconds apart", () => {
    const tries: number[] = [];
    for (let i = 0; i < 9; i++) {
      const before = sockets.length;
      latest().onclose?.({ code: 1006 });
      let waited = 0;
      while (sockets.length === before) {
        clock.pass(250);
        waited += 250;
      }
      tries.push(waited);
    }
    expect(tries[0]).toBe(500);
    expect(tries[1]).toBe(1000);
    expect(Math.max(...tries)).toBe(15_000);
  });

  test("is tried at once when the world got better", () => {
    latest().welcome();
    latest().onclose?.({ code: 1006 });
    socket.nudge();
    expect(sockets).toHaveLength(2);
    socket.nudge();
    expect(sockets).toHaveLength(2);
  });

  test("is noticed by silence", () => {
    latest().welcome();
    const first = latest();
    clock.pass(44_000);
    expect(first.closed).toBe(false);
    expect(first.sent).toContain('{"type":"ping"}');
    clock.pass(2_000);
    expect(first.closed).toBe(true);
    expect(links).toContain("waiting");
  });

  test("does not happen while the server answers pings", () => {
    latest().welcome();
    for (let i = 0; i < 10; i++) {
      clock.pass(20_000);
      latest().say({ type: "pong" });
    }
    expect(sockets).toHaveLength(1);
  });
});

test("a restart is calm, and over within two seconds", () => {
  latest().welcome();
  latest().onclose?.({ code: 1012 });
  expect(links.at(-1)).toBe("restarting");
  clock.pass(2_000);
  latest().welcome();
  expect(links).not.toContain("waiting");
  expect(links.at(-1)).toBe("live");
});

test("signed out, it rests until somebody signs in", () => {
  latest().welcome();
  latest().onclose?.({ code: 4401 });
  clock.pass(120_000);
  socket.nudge();
  expect(sockets).toHaveLength(1);
  expect(links.at(-1)).toBe("signed_out");
});

test("put out by too many tabs, it comes back only when it is looked at", () => {
  latest().welcome();
  latest().onclose?.({ code: 4409 });
  clock.pass(120_000);
  expect(sockets).toHaveLength(1);
  socket.nudge();
  expect(sockets).toHaveLength(2);
});
