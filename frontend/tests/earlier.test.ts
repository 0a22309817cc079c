import { expect, test } from "vitest";
import { emptyThread, type LoadedThread, pathOf, reduce, type ThreadState } from "../src/thread";

/** Questions and answers by turns, each following the one before: m1, m2 ... of which these are a page. */
const page = (first: number, last: number): LoadedThread => ({
  id: "c",
  title: "",
  scenario: "",
  older: first > 1 ? `m${first}` : null,
  messages: Array.from({ length: last - first + 1 }, (_, at) => {
    const n = first + at;
    return {
      id: `m${n}`,
      parent: n > 1 ? `m${n - 1}` : null,
      role: n % 2 ? "user" : "assistant",
      text: `m${n}`,
      created_at: new Date(n * 1000).toISOString(),
      generations: [],
    };
  }),
});
const read = (state: ThreadState, thread: LoadedThread, before?: string): ThreadState =>
  reduce(state, { type: "loaded", thread, before })[0];
const shown = ({ messages, pick }: ThreadState): string =>
  pathOf(messages, pick)
    .map((row) => row.message.id)
    .join(" ");
const opened = read(emptyThread("c"), page(5, 8));

test("the newest page stands alone, and the one before it comes above", () => {
  expect(shown(opened)).toBe("m5 m6 m7 m8");
  expect(opened.older).toBe("m5");
  const whole = read(opened, page(1, 4), "m5");
  expect(shown(whole)).toBe("m1 m2 m3 m4 m5 m6 m7 m8");
  expect(whole.older).toBeNull();
});

test("what is read anew takes back nothing of what was read before", () => {
  const whole = read(opened, page(1, 4), "m5");
  const again = read(whole, page(7, 10));
  expect(shown(again)).toBe("m1 m2 m3 m4 m5 m6 m7 m8 m9 m10");
  expect(again.older).toBeNull();
  expect(read(again, page(1, 4), "m5").older).toBeNull();
});

test("after a long time away, what was said between is read before anything is shown as whole", () => {
  const away = read(opened, page(13, 16));
  expect(shown(away)).toBe("m13 m14 m15 m16");
  expect(away.older).toBe("m13");
  const joined = read(away, page(9, 12), "m13");
  expect(shown(joined)).toBe("m5 m6 m7 m8 m9 m10 m11 m12 m13 m14 m15 m16");
  expect(joined.older).toBe("m9");
});

test("another branch is turned to within what is here", () => {
  const edited = page(7, 7).messages.map((it) => ({
    ...it,
    id: "again",
    created_at: "2026-11-24T00:00:00Z",
  }));
  const both = read(emptyThread("c"), { ...page(5, 8), messages: [...page(5, 8).messages, ...edited] });
  expect(shown(both)).toBe("m5 m6 again");
  expect(shown(reduce(both, { type: "show", message: "m8" })[0])).toBe("m5 m6 m7 m8");
});
