import { expect, test } from "vitest";
import { canContinue, emptyThread, newGeneration, pathOf, reduce, type ThreadState } from "../src/thread";
import type { GenerationState } from "../src/wire";

const message = (id: string, parent: string | null, role: "user" | "assistant", at: number) => ({
  id,
  parent,
  role,
  text: id,
  created_at: new Date(at).toISOString(),
  generations: [],
});

/** One question, answered twice; the second answer was talked about further. */
const forked = (): ThreadState =>
  reduce(emptyThread("c"), {
    type: "loaded",
    thread: {
      id: "c",
      title: "",
      scenario: "",
      older: null,
      messages: [
        message("q1", null, "user", 1),
        message("a1", "q1", "assistant", 2),
        message("a2", "q1", "assistant", 3),
        message("q2", "a2", "user", 4),
        message("a3", "q2", "assistant", 5),
      ],
    },
  })[0];
const shown = ({ messages, pick }: ThreadState) => pathOf(messages, pick).map((row) => row.message.id);

test("showing a message turns to its branch, whichever is looked at", () => {
  expect(shown(forked())).toEqual(["q1", "a2", "q2", "a3"]);
  const [old] = reduce(forked(), { type: "show", message: "a1" });
  expect(shown(old)).toEqual(["q1", "a1"]);
  expect(shown(reduce(old, { type: "show", message: "a3" })[0])).toEqual(["q1", "a2", "q2", "a3"]);
});

test("a message that is not there turns nothing", () => {
  expect(shown(reduce(forked(), { type: "show", message: "gone" })[0])).toEqual(shown(forked()));
});

test("what can be read again is not deleted any more", () => {
  const [gone] = reduce(forked(), { type: "changed", conversation: "c", deleted: true });
  expect(gone.deleted).toBe(true);
  const thread = { id: "c", title: "", scenario: "", older: null, messages: [] };
  expect(reduce(gone, { type: "loaded", thread })[0].deleted).toBe(false);
});

test.each<[GenerationState, string, boolean]>([
  ["stopped", "user_stop", true],
  ["interrupted", "upstream_reset", true],
  ["interrupted", "content_filter", false],
  ["interrupted", "unavailable", false],
  ["interrupted", "refused", false],
  ["completed", "length", true],
  ["completed", "stop", false],
  ["failed", "stall", false],
  ["expired", "deadline", false],
])("an answer that is %s for %s can go on: %s", (state, reason, goesOn) => {
  expect(canContinue({ ...newGeneration("g", "m"), state, reason })).toBe(goesOn);
});
