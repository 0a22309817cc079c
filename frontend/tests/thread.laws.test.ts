import fc from "fast-check";
import { expect, test } from "vitest";
import { emptyThread, type Generation, reduce, type ThreadState } from "../src/thread";
import { type ServerFrame, TERMINAL } from "../src/wire";
import { accepted, delta, finished, snapshot, started } from "./cast";

interface Entry {
  text: string;
  thinking: string;
}
const entry: fc.Arbitrary<Entry> = fc.record({
  text: fc.string({ unit: "grapheme", maxLength: 6 }),
  thinking: fc.string({ maxLength: 4 }),
});
const log = fc.array(entry, { minLength: 1, maxLength: 12 });

const text = (entries: readonly Entry[]): string => entries.map((it) => it.text).join("");
const thinking = (entries: readonly Entry[]): string => entries.map((it) => it.thinking).join("");

/** Entries after..seq of a log, merged into one frame as a slow socket gets them. */
const merged = (entries: readonly Entry[], after: number, seq: number, generation = "g1"): ServerFrame => {
  const part = entries.slice(after, seq);
  return delta(after, seq, text(part), generation, thinking(part));
};
const ending = (entries: readonly Entry[], generation = "g1"): ServerFrame =>
  finished(entries.length + 1, text(entries), { generation });
const fullReplay = (entries: readonly Entry[], generation = "g1"): ServerFrame[] => [
  ...entries.map((_, at) => merged(entries, at, at + 1, generation)),
  ending(entries, generation),
];

const run = (frames: readonly ServerFrame[], from: ThreadState = emptyThread("c")): ThreadState =>
  frames.reduce<ThreadState>((state, frame) => reduce(state, frame)[0], from);
const shown = ({ text, thinking, state, seq }: Generation) => ({ text, thinking, state, seq });
const begun = run([accepted(), started()]);
const first = (state: ThreadState, id = "g1"): Generation => {
  const generation = state.generations[id];
  if (!generation) throw new Error(id);
  return generation;
};

test("a frame twice is a frame once", () => {
  fc.assert(
    fc.property(log, (entries) => {
      const frames = fullReplay(entries);
      const twice = frames.flatMap((frame) => [frame, frame]);
      expect(run(twice, begun)).toEqual(run(frames, begun));
    }),
  );
});

test("a gap shows nothing and asks for what is missing, once", () => {
  fc.assert(
    fc.property(log, fc.nat(5), fc.nat(5), (entries, have, skip) => {
      const at = Math.min(have, entries.length - 1);
      const after = Math.min(at + 1 + skip, entries.length);
      const before = run(fullReplay(entries).slice(0, at), begun);
      const gap = merged(entries, after, after + 1);
      const [once, effects] = reduce(before, gap);
      expect(effects).toEqual([{ type: "follow", generation: "g1", after: at }]);
      expect(shown(first(once))).toEqual(shown(first(before)));
      expect(reduce(once, gap)[1]).toEqual([]);
    }),
  );
});

test("what is terminal stays", () => {
  const states = fc.constantFrom(...TERMINAL);
  fc.assert(
    fc.property(log, log, states, (entries, others, state) => {
      const over = run(
        [...fullReplay(entries).slice(0, -1), { ...ending(entries), state } as ServerFrame],
        begun,
      );
      const later = [...fullReplay(others), snapshot(99, "别的"), started(), finished(99, "别的")];
      expect(run(later, over).generations).toEqual(over.generations);
    }),
  );
});

test("generations do not disturb each other, however their frames interleave", () => {
  const both = run([accepted(1), accepted(2), started("g1"), started("g2")]);
  fc.assert(
    fc.property(log, log, fc.infiniteStream(fc.boolean()), (one, two, coins) => {
      const left = fullReplay(one, "g1");
      const right = fullReplay(two, "g2");
      const mixed: ServerFrame[] = [];
      while (left.length || right.length) {
        const from = right.length === 0 || (left.length > 0 && coins.next().value) ? left : right;
        mixed.push(...from.splice(0, 1));
      }
      const state = run(mixed, both);
      expect(first(state, "g1")).toMatchObject({
        text: text(one),
        thinking: thinking(one),
        state: "completed",
      });
      expect(first(state, "g2")).toMatchObject({
        text: text(two),
        thinking: thinking(two),
        state: "completed",
      });
    }),
  );
});

test("any prefix and a snapshot is a full replay", () => {
  fc.assert(
    fc.property(log, fc.nat(12), (entries, cut) => {
      const prefix = fullReplay(entries).slice(0, Math.min(cut, entries.length));
      const whole = snapshot(entries.length, text(entries), "g1", thinking(entries));
      const state = run([...prefix, whole, ending(entries)], begun);
      expect(shown(first(state))).toEqual(shown(first(run(fullReplay(entries), begun))));
    }),
  );
});

test("over a line that loses, repeats and merges, a server that answers `follow` brings the whole text", () => {
  const fate = fc.constantFrom("pass", "pass", "lose", "twice");
  fc.assert(
    fc.property(log, fc.array(fate, { minLength: 30, maxLength: 30 }), (entries, fates) => {
      let state = begun;
      const queue: ServerFrame[] = fullReplay(entries);
      for (let round = 0; queue.length && round < 200; round++) {
        const frame = queue.shift();
        const luck = fates[round] ?? "pass";
        if (!frame || luck === "lose") continue;
        if (luck === "twice") queue.unshift(frame);
        const [next, effects] = reduce(state, frame);
        state = next;
        for (const effect of effects) {
          if (effect.type === "follow") {
            queue.push(merged(entries, effect.after, entries.length), ending(entries));
          }
        }
      }
      // A tab that lost the very last frames learns of it with the next welcome.
      const [, effects] = reduce(state, { type: "resume" });
      for (const effect of effects) {
        if (effect.type !== "follow") continue;
        if (effect.after < entries.length)
          state = run([merged(entries, effect.after, entries.length)], state);
        state = run([ending(entries)], state);
      }
      expect(first(state)).toMatchObject({
        text: text(entries),
        thinking: thinking(entries),
        state: "completed",
      });
    }),
  );
});
