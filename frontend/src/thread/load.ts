import { TERMINAL } from "../wire";
import {
  type AnswerMessage,
  type Generation,
  type LoadedGeneration,
  type LoadedMessage,
  type LoadedThread,
  type Message,
  newGeneration,
  type ThreadState,
  type UserMessage,
} from "./state";

/** What REST says, laid under what this tab already knows better: newer deltas, unsent words, picks. */
export function load(state: ThreadState, thread: LoadedThread, before?: string): ThreadState {
  const messages: Record<string, Message> = {};
  const generations: Record<string, Generation> = {};
  for (const loaded of thread.messages) {
    const mine = state.messages[loaded.id];
    messages[loaded.id] = loaded.role === "user" ? said(loaded, mine) : answered(loaded, mine);
    for (const it of loaded.generations) generations[it.id] = newest(state.generations[it.id], it, loaded.id);
  }
  // Frames may have run ahead of this answer: what they brought is kept.
  for (const mine of Object.values(state.messages)) messages[mine.id] ??= mine;
  for (const mine of Object.values(state.generations)) generations[mine.id] ??= mine;
  return {
    ...state,
    title: thread.title || state.title,
    scenario: thread.scenario || state.scenario,
    known: true,
    loaded: true,
    // What can be read is there again: an undo brought it back.
    deleted: false,
    older: olderAfter(state, thread, before),
    messages,
    generations,
  };
}

/** A newest page read anew joins what is here; or it does not, after a long time away, and what is between is missing. */
function olderAfter(state: ThreadState, { messages, older }: LoadedThread, before?: string): string | null {
  if (before !== undefined) return before === state.older ? older : state.older;
  const joins = state.loaded && messages[0] !== undefined && Object.hasOwn(state.messages, messages[0].id);
  return joins ? state.older : older;
}

const said = (loaded: LoadedMessage, mine: Message | undefined): UserMessage => ({
  role: "user",
  id: loaded.id,
  key: mine?.key ?? loaded.id,
  parent: loaded.parent,
  text: loaded.text,
  createdAt: loaded.created_at,
  status: "acked",
});

function answered(loaded: LoadedMessage, mine: Message | undefined): AnswerMessage {
  const known = loaded.generations.map((it) => it.id);
  const before = mine?.role === "assistant" ? mine : undefined;
  const ahead = before?.generations.filter((id) => !known.includes(id)) ?? [];
  return {
    role: "assistant",
    id: loaded.id,
    key: mine?.key ?? loaded.id,
    parent: loaded.parent,
    createdAt: loaded.created_at,
    generations: [...known, ...ahead],
    rating: loaded.rating ?? null,
    appealed: loaded.appealed || (before?.appealed ?? false),
    refusal: before?.refusal,
  };
}

function newest(mine: Generation | undefined, loaded: LoadedGeneration, message: string): Generation {
  const ended = TERMINAL.has(loaded.state);
  if (mine && (TERMINAL.has(mine.state) || (!ended && mine.seq >= loaded.seq))) return mine;
  return {
    ...(mine ?? newGeneration(loaded.id, message)),
    state: loaded.state,
    reason: loaded.reason,
    seq: loaded.seq,
    text: loaded.text,
    thinking: loaded.thinking,
    model: loaded.model,
    contextCut: loaded.context_cut,
    firstTokenMs: loaded.first_token_ms,
    durationMs: loaded.duration_ms,
    usage: loaded.usage,
    stopping: !ended && (mine?.stopping ?? false),
    asked: null,
  };
}
