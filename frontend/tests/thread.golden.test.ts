import { expect, test } from "vitest";
import { emptyThread, reduce, type ThreadState } from "../src/thread";
import { frameOf, replays } from "./golden";

const replayed = (frames: readonly Record<string, unknown>[]): ThreadState =>
  frames.map(frameOf).reduce<ThreadState>((state, frame) => reduce(state, frame)[0], emptyThread("c"));

test.each(replays.map((replay) => [replay.name, replay] as const))(
  "%s",
  (_, { frames, text, thinking, state }) => {
    const [generation] = Object.values(replayed(frames).generations);
    expect(generation).toMatchObject({ text, thinking, state });
  },
);
