import { beforeEach, expect, test, vi } from "vitest";
import { type Keep, memoryKeep } from "../src/keep";
import { createNext, nextWords } from "../src/next";
import type { SendOp } from "../src/outbox";
import { createStore } from "../src/store";
import { accepted, finished, say, started } from "./cast";

let disk: Keep;

beforeEach(() => {
  disk = memoryKeep();
});

/** A tab of the browser that `disk` belongs to. */
function tab() {
  const store = createStore(() => undefined);
  const sent: SendOp[] = [];
  const next = createNext({
    store,
    send: (op) => {
      sent.push(op);
      store.dispatch("c", say(2, op.frame.text, op.frame.parent));
    },
  });
  next.open(disk, []);
  return {
    next,
    sent,
    slot: () => nextWords(next.waiting.get(), "c"),
    /** An answer is written, in a thread that is here. */
    watches: () => {
      for (const it of [say(), accepted(), started()]) store.dispatch("c", it);
    },
    hears: () => store.dispatch("c", finished(0, "")),
    reopens: async () => next.open(disk, await disk.all("outbox")),
  };
}
const op = (id: string, text: string, at = 1): SendOp => ({
  id,
  conversation: "c",
  at,
  frame: { type: "send", id, conversation: "c", parent: null, text, thinking: at > 1 },
});
const goes = (it: ReturnType<typeof tab>) => vi.waitFor(() => expect(it.slot()).toBe(""));

test("words wait for the answer before them, and follow it", async () => {
  const li = tab();
  li.watches();
  li.next.add(op("x", "短一点"));
  expect(li.slot()).toBe("短一点");
  expect(li.sent).toEqual([]);
  li.hears();
  await goes(li);
  expect(li.sent.map((it) => it.frame)).toEqual([{ ...op("x", "短一点").frame, parent: "a1" }]);
});

test("words said in the very moment in which the thread becomes free go at once", async () => {
  const li = tab();
  li.watches();
  li.hears();
  li.next.add(op("x", "短一点"));
  await goes(li);
  expect(li.sent.map((it) => it.id)).toEqual(["x"]);
});

test("what is said in several goes is one message, with the choices of the last", async () => {
  const li = tab();
  li.watches();
  li.next.add(op("x", "短一点", 1));
  li.next.add(op("y", "用表格", 2));
  li.hears();
  await goes(li);
  expect(li.sent.map((it) => it.frame)).toMatchObject([
    { id: "x", text: "短一点\n\n用表格", thinking: true },
  ]);
});

test("they are on the disk all the way from being said to being sent", async () => {
  const li = tab();
  li.watches();
  li.next.add(op("x", "短一点", 1));
  li.next.add(op("y", "用表格", 2));
  expect(await disk.all("outbox")).toMatchObject([
    { id: "x", waits: true },
    { id: "y", waits: true },
  ]);
  li.hears();
  await goes(li);
  expect(await disk.all("outbox")).toMatchObject([{ id: "x", waits: undefined, frame: { parent: "a1" } }]);
});

test("of two tabs that show the same words one sends them", async () => {
  const [first, second] = [tab(), tab()];
  first.watches();
  second.watches();
  first.next.add(op("x", "短一点"));
  await second.reopens();
  expect(second.slot()).toBe("短一点");
  first.hears();
  second.hears();
  await Promise.all([goes(first), goes(second)]);
  expect([...first.sent, ...second.sent]).toHaveLength(1);
});

test("words taken back in one tab are sent by none", async () => {
  const [first, second] = [tab(), tab()];
  second.watches();
  first.watches();
  first.next.add(op("x", "短一点"));
  await second.reopens();
  first.next.drop("c");
  expect(first.slot()).toBe("");
  second.hears();
  await goes(second);
  expect(second.sent).toEqual([]);
  expect(await disk.all("outbox")).toEqual([]);
});

test("a disk that takes nothing costs no word", async () => {
  const li = tab();
  const full = (): Promise<never> => Promise.reject(new Error("full"));
  li.next.open({ ...memoryKeep(), put: full, rewrite: full }, []);
  li.watches();
  li.next.add(op("x", "短一点"));
  li.hears();
  await goes(li);
  expect(li.sent.map((it) => it.id)).toEqual(["x"]);
});

test("nor does one that says so late", async () => {
  const li = tab();
  const put = (): Promise<never> => new Promise((_, fail) => setTimeout(() => fail(new Error("full"))));
  li.watches();
  li.hears();
  li.next.open({ ...disk, put }, []);
  li.next.add(op("x", "短一点"));
  await goes(li);
  expect(li.sent.map((it) => it.id)).toEqual(["x"]);
});

test("of a temporary conversation they are never on the disk", async () => {
  const li = tab();
  li.watches();
  li.next.add({ ...op("x", "别留下"), fleeting: true });
  expect(await disk.all("outbox")).toEqual([]);
  await li.reopens();
  expect(li.slot()).toBe("别留下");
  li.hears();
  await goes(li);
  expect(li.sent.map((it) => it.id)).toEqual(["x"]);
});
