import { beforeEach, expect, test } from "vitest";
import { type Keep, memoryKeep } from "../src/keep";
import { createOutbox, type Op, type Outbox } from "../src/outbox";
import { createClock } from "./clock";

let line: boolean;
let sent: string[];
let keep: Keep;
let clock: ReturnType<typeof createClock>;
let outbox: Outbox;

const open = (): Outbox =>
  createOutbox({
    keep,
    after: clock.after,
    send: (frame) => {
      if (line) sent.push(frame.id);
      return line;
    },
  });
const op = (id: string, at = 0, conversation = "c"): Op => ({
  id,
  conversation,
  at,
  frame: { type: "send", id, conversation, parent: null, text: "你好" },
});

beforeEach(() => {
  line = true;
  sent = [];
  keep = memoryKeep();
  clock = createClock();
  outbox = open();
});

test("says the same id until it is accepted", async () => {
  await outbox.add(op("a"));
  clock.pass(10_000);
  expect(sent).toEqual(["a", "a"]);
  outbox.settle("a");
  clock.pass(60_000);
  expect(sent).toEqual(["a", "a"]);
});

test("waits while the line is down, and flushes in the order of asking", async () => {
  line = false;
  await outbox.add(op("b", 2, "d"));
  await outbox.add(op("a", 1, "c"));
  expect(sent).toEqual([]);
  line = true;
  outbox.flush();
  expect(sent).toEqual(["a", "b"]);
});

test("has one under way in a conversation", async () => {
  await outbox.add(op("a", 1));
  await outbox.add(op("b", 2));
  expect(sent).toEqual(["a"]);
  outbox.settle("a");
  expect(sent).toEqual(["a", "b"]);
});

test("says again after a reconnect what was not answered", async () => {
  await outbox.add(op("a"));
  outbox.pause();
  outbox.flush();
  expect(sent).toEqual(["a", "a"]);
});

test("survives a reload", async () => {
  line = false;
  await outbox.add(op("a"));
  const reborn = open();
  expect((await reborn.restore()).map((it) => it.id)).toEqual(["a"]);
  line = true;
  reborn.flush();
  expect(sent).toEqual(["a"]);
});

test("does not say what still waits for its thread", async () => {
  await keep.put("outbox", { ...op("a"), waits: true });
  expect((await outbox.restore()).map((it) => it.id)).toEqual(["a"]);
  outbox.flush();
  expect(sent).toEqual([]);
});

test("keeps refused words over a reload without saying them again", async () => {
  await outbox.add(op("a"));
  outbox.refuse("a", { code: "rate_limited" });
  const reborn = open();
  expect(await reborn.restore()).toMatchObject([{ id: "a", refusal: { code: "rate_limited" } }]);
  reborn.flush();
  expect(sent).toEqual(["a"]);
  reborn.settle("a");
  expect(await open().restore()).toEqual([]);
});

test("a fleeting one is said like any other, and never on disk", async () => {
  await outbox.add({ ...op("a"), fleeting: true });
  expect(sent).toEqual(["a"]);
  outbox.refuse("a", { code: "busy" });
  expect(await keep.all("outbox")).toEqual([]);
});
