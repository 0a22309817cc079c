/** Frames of one conversation, short to write. */
import { type Action, type Effect, emptyThread, reduce, type Step, type ThreadState } from "../src/thread";
import { codePoints, type FrameOf, type ServerFrame } from "../src/wire";

export const accepted = (n = 1, more: Partial<FrameOf<"accepted">> = {}): ServerFrame => ({
  type: "accepted",
  id: `op${n}`,
  conversation: "c",
  message: `q${n}`,
  answer: `a${n}`,
  generation: `g${n}`,
  ...more,
});
export const started = (generation = "g1"): ServerFrame => ({
  type: "started",
  generation,
  model: "m",
  context_cut: false,
});
export const delta = (
  after: number,
  seq: number,
  text: string,
  generation = "g1",
  thinking = "",
): ServerFrame => ({
  type: "delta",
  generation,
  after,
  seq,
  text,
  thinking,
});
export const snapshot = (seq: number, text: string, generation = "g1", thinking = ""): ServerFrame => ({
  type: "snapshot",
  generation,
  seq,
  text,
  thinking,
});
export const finished = (
  seq: number,
  text: string,
  more: Partial<FrameOf<"finished">> = {},
): ServerFrame => ({
  type: "finished",
  generation: "g1",
  seq,
  state: "completed",
  reason: "stop",
  length: codePoints(text),
  sha256: "",
  usage: null,
  first_token_ms: 1,
  duration_ms: 2,
  ...more,
});
export const say = (n = 1, text = "你好", parent: string | null = null): Action => ({
  type: "say",
  op: `op${n}`,
  parent,
  text,
  scenario: "",
  at: `2026-11-23T10:00:0${n}Z`,
});

export function play(...inputs: (ServerFrame | Action)[]): Step {
  let state: ThreadState = emptyThread("c");
  const effects: Effect[] = [];
  for (const input of inputs) {
    const [next, more] = reduce(state, input);
    state = next;
    effects.push(...more);
  }
  return [state, effects];
}
