/**
 * The screen as a pure function: no clock, no chance, no I/O. What must happen outside comes back as effects.
 *
 * Laws (tests/thread.laws.test.ts): a frame twice is a frame once; a gap asks `follow` and never shows text out of
 * order; what is terminal stays; generations do not disturb each other; any prefix and a snapshot is a full replay.
 */
import { type Changed, codePoints, type FrameOf, type ServerFrame, TERMINAL } from "../wire";
import { picksTo } from "./branch";
import { load } from "./load";
import {
  type Action,
  type AnswerMessage,
  type Effect,
  type Generation,
  type Message,
  newGeneration,
  type Refusal,
  ROOT,
  type Step,
  type ThreadState,
} from "./state";

/** After so many new readings the text is shown as it is: the server itself disagrees with its hash. */
const REPAIRS = 4;

const still = (state: ThreadState): Step => [state, []];

const put = (state: ThreadState, generation: Generation): ThreadState => ({
  ...state,
  generations: { ...state.generations, [generation.id]: generation },
});

const putMessage = (state: ThreadState, message: Message): ThreadState => ({
  ...state,
  messages: { ...state.messages, [message.id]: message },
});

const without = <T>(source: Readonly<Record<string, T>>, key: string): Record<string, T> => {
  const { [key]: _gone, ...rest } = source;
  return rest;
};

export function reduce(state: ThreadState, input: ServerFrame | Action): Step {
  switch (input.type) {
    case "say":
      return still(say(state, input));
    case "ask_again":
      return still(askAgain(state, input));
    case "take_back":
      return still({
        ...state,
        messages: without(state.messages, input.message),
        pending: without(state.pending, input.message),
      });
    case "pick":
      return still({ ...state, pick: { ...state.pick, [input.parent]: input.child } });
    case "rate":
      return still(judged(state, input.message, { rating: input.rating }));
    case "appeal":
      return still(judged(state, input.message, { appealed: true }));
    case "show":
      return still({ ...state, pick: { ...state.pick, ...picksTo(state.messages, input.message) } });
    case "loaded":
      return resume(load(state, input.thread, input.before));
    case "resume":
      return resume(state);
    case "stop":
      return stop(state, input.generation);
    case "damaged":
      return damaged(state, input.generation);
    case "accepted":
      // Words of before a reload may have got there before the thread came, or have made it after REST said no.
      return [accepted(state, input), state.loaded ? [] : [{ type: "refetch", conversation: state.id }]];
    case "queued":
    case "started":
    case "delta":
    case "snapshot":
    case "finished":
      return advance(state, input);
    case "changed":
      return changed(state, input);
    case "error":
      return still(refused(state, input));
    case "welcome":
    case "pong":
      return still(state);
  }
}

/** What the person says about an answer. */
function judged(
  state: ThreadState,
  answer: string,
  said: Partial<Pick<AnswerMessage, "rating" | "appealed">>,
): ThreadState {
  const message = state.messages[answer];
  return message?.role === "assistant" ? putMessage(state, { ...message, ...said }) : state;
}

function say(state: ThreadState, input: Extract<Action, { type: "say" }>): ThreadState {
  if (state.messages[input.op] || Object.values(state.messages).some((it) => it.key === input.op))
    return state;
  const message: Message = {
    role: "user",
    id: input.op,
    key: input.op,
    parent: input.parent,
    text: input.text,
    createdAt: input.at,
    status: "outbox",
  };
  const next = putMessage(state, message);
  return {
    ...next,
    scenario: state.scenario || input.scenario,
    loaded: state.loaded || !(state.known || input.revived),
    pending: { ...state.pending, [input.op]: { kind: "say", message: input.op } },
    pick: { ...state.pick, [input.parent ?? ROOT]: input.op },
  };
}

function askAgain(state: ThreadState, input: Extract<Action, { type: "ask_again" }>): ThreadState {
  const target = state.messages[input.message];
  const cleared: ThreadState =
    target?.role === "assistant" && target.refusal
      ? putMessage(state, { ...target, refusal: undefined })
      : state;
  return {
    ...cleared,
    pending: { ...state.pending, [input.op]: { kind: input.kind, message: input.message } },
  };
}

function accepted(state: ThreadState, frame: FrameOf<"accepted">): ThreadState {
  const asked = state.messages[frame.id];
  let messages = state.messages;
  let pick = state.pick;
  if (asked?.role === "user") {
    // The server's id takes the place of ours; the key stays, so nothing on the screen is built anew.
    messages = {
      ...without(messages, frame.id),
      [frame.message]: { ...asked, id: frame.message, status: "acked" },
    };
    pick = { ...pick, [asked.parent ?? ROOT]: frame.message };
  }
  const answer = messages[frame.answer];
  if (answer?.role === "assistant") {
    if (!answer.generations.includes(frame.generation)) {
      const generations = [...answer.generations, frame.generation];
      messages = { ...messages, [frame.answer]: { ...answer, generations, refusal: undefined } };
    }
  } else {
    messages = {
      ...messages,
      [frame.answer]: {
        role: "assistant",
        id: frame.answer,
        key: frame.answer,
        parent: frame.message,
        createdAt: asked?.createdAt ?? "",
        generations: [frame.generation],
        rating: null,
        appealed: false,
      },
    };
    pick = { ...pick, [frame.message]: frame.answer };
  }
  const known = { ...state, known: true, messages, pick, pending: without(state.pending, frame.id) };
  return state.generations[frame.generation]
    ? known
    : put(known, newGeneration(frame.generation, frame.answer));
}

type Progress = FrameOf<"queued" | "started" | "delta" | "snapshot" | "finished">;

function advance(state: ThreadState, frame: Progress): Step {
  const generation = state.generations[frame.generation];
  if (!generation) return still(state);
  const final = TERMINAL.has(generation.state);
  switch (frame.type) {
    case "queued":
      if (generation.state !== "queued") return still(state);
      return still(put(state, { ...generation, position: frame.position, etaS: frame.eta_s }));
    case "started": {
      if (final) return still(state);
      const begun = generation.state === "queued" ? "starting" : generation.state;
      const { model, context_cut } = frame;
      return still(
        put(state, { ...generation, state: begun, model, contextCut: context_cut, position: null }),
      );
    }
    case "delta":
      return final && generation.asked === null ? still(state) : append(state, generation, frame);
    case "snapshot":
      return still(
        frame.seq < generation.seq && generation.asked === null ? state : replace(state, generation, frame),
      );
    case "finished":
      return finish(state, generation, frame);
  }
}

function append(state: ThreadState, generation: Generation, frame: FrameOf<"delta">): Step {
  const restart = generation.asked === 0 && frame.after === 0;
  if (!restart && frame.seq <= generation.seq) return still(state);
  if (!restart && frame.after !== generation.seq) return ask(state, generation, generation.seq);
  const final = TERMINAL.has(generation.state);
  return still(
    put(state, {
      ...generation,
      state: final ? generation.state : "streaming",
      position: null,
      // A finished text under repair stays open until its `finished` comes again.
      asked: final ? generation.asked : null,
      seq: frame.seq,
      text: (restart ? "" : generation.text) + (frame.text ?? ""),
      thinking: (restart ? "" : generation.thinking) + (frame.thinking ?? ""),
    }),
  );
}

function replace(state: ThreadState, generation: Generation, frame: FrameOf<"snapshot">): ThreadState {
  const final = TERMINAL.has(generation.state);
  // A finished text changes only when the page itself found it damaged and asked for all of it again.
  if (final && generation.asked === null) return state;
  const begun = frame.text !== "" || frame.thinking !== "";
  return put(state, {
    ...generation,
    state: final || !begun ? generation.state : "streaming",
    position: begun ? null : generation.position,
    asked: final ? generation.asked : null,
    seq: frame.seq,
    text: frame.text,
    thinking: frame.thinking,
  });
}

/** `finished` is the last entry of the log: everything before it must be here, and have the length it names. */
function finish(state: ThreadState, generation: Generation, frame: FrameOf<"finished">): Step {
  if (TERMINAL.has(generation.state) && generation.asked === null) return still(state);
  const missing = frame.seq > generation.seq + 1;
  const whole = !missing && codePoints(generation.text) === frame.length;
  if (!whole && generation.repairs < REPAIRS) return ask(state, generation, missing ? generation.seq : 0);
  const ended: Generation = {
    ...generation,
    state: frame.state,
    reason: frame.reason,
    seq: Math.max(generation.seq, frame.seq),
    stopping: false,
    asked: null,
    position: null,
    usage: frame.usage,
    firstTokenMs: frame.first_token_ms,
    durationMs: frame.duration_ms,
  };
  const verify: Effect = { type: "verify", generation: ended.id, text: ended.text, sha256: frame.sha256 };
  return [put(state, ended), ended.text === "" ? [] : [verify]];
}

function ask(state: ThreadState, generation: Generation, after: number): Step {
  if (generation.asked === after) return still(state);
  const asking = { ...generation, asked: after, repairs: generation.repairs + 1 };
  return [put(state, asking), [{ type: "follow", generation: generation.id, after }]];
}

function damaged(state: ThreadState, id: string): Step {
  const generation = state.generations[id];
  return generation && generation.repairs < REPAIRS ? ask(state, generation, 0) : still(state);
}

function resume(state: ThreadState): Step {
  const live = Object.values(state.generations).filter((it) => !TERMINAL.has(it.state));
  return [
    state,
    live.flatMap((it): Effect[] => [
      { type: "follow", generation: it.id, after: it.seq },
      // A stop clicked while the line was down is said again; it is idempotent.
      ...(it.stopping ? [{ type: "stop", generation: it.id } as const] : []),
    ]),
  ];
}

function stop(state: ThreadState, id: string): Step {
  const generation = state.generations[id];
  if (!generation || TERMINAL.has(generation.state)) return still(state);
  return [put(state, { ...generation, stopping: true }), [{ type: "stop", generation: id }]];
}

function changed(state: ThreadState, frame: Changed): Step {
  const next: ThreadState = {
    ...state,
    title: frame.title ?? state.title,
    deleted: state.deleted || frame.deleted === true,
  };
  // While something asked here is under way it is most likely that: `accepted` tells it, or a refusal has it read.
  const asking = Object.keys(state.pending).length > 0;
  const news = frame.active && !asking && !state.generations[frame.active.generation];
  return [next, news && state.loaded ? [{ type: "refetch", conversation: state.id }] : []];
}

function refused(state: ThreadState, frame: FrameOf<"error">): ThreadState {
  const refusal: Refusal = { code: frame.code, retryAfterS: frame.retry_after_s, params: frame.params };
  const pending = frame.id ? state.pending[frame.id] : undefined;
  if (!frame.id || !pending) return state;
  const settled = { ...state, pending: without(state.pending, frame.id) };
  const message = state.messages[pending.message];
  if (message?.role === "user" && pending.kind === "say") {
    return putMessage(settled, { ...message, status: "rejected", refusal });
  }
  return message?.role === "assistant" ? putMessage(settled, { ...message, refusal }) : settled;
}
