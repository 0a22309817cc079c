import type { Code, GenerationState, Usage } from "../wire";

export interface Refusal {
  code: Code;
  retryAfterS?: number;
  params?: Record<string, unknown>;
}

/** `key` outlives the change from the page's own id to the server's, so that React keeps the element. */
export interface UserMessage {
  role: "user";
  id: string;
  key: string;
  parent: string | null;
  text: string;
  createdAt: string;
  status: "outbox" | "acked" | "rejected";
  refusal?: Refusal;
}

/** The person's latest vote on an answer. */
export interface Rating {
  value: "up" | "down";
  reasons: string[];
  comment: string;
}

/** The text of an answer is the texts of its generations in order. */
export interface AnswerMessage {
  role: "assistant";
  id: string;
  key: string;
  parent: string | null;
  createdAt: string;
  generations: readonly string[];
  rating: Rating | null;
  /** The person said that it was filtered wrongly, and the server has that. */
  appealed: boolean;
  /** A `continue` or `regenerate` aimed at this answer that the server refused. */
  refusal?: Refusal;
}

export type Message = UserMessage | AnswerMessage;

export interface Generation {
  id: string;
  message: string;
  state: GenerationState;
  reason: string;
  seq: number;
  text: string;
  thinking: string;
  model: string;
  contextCut: boolean;
  position: number | null;
  etaS: number | null;
  /** The person asked to stop; the server has not yet said that it did. */
  stopping: boolean;
  /** The seq already asked for by `follow`, so that a burst after a gap asks once. */
  asked: number | null;
  /** How often its text had to be asked for again; bounded, so that a fault of the server is no endless loop. */
  repairs: number;
  usage: Usage | null;
  firstTokenMs: number | null;
  durationMs: number | null;
}

/** What the page asked for and the server has not answered: op id -> the message it is about. */
export interface Pending {
  kind: "say" | "regenerate" | "continue";
  message: string;
}

export interface ThreadState {
  id: string;
  title: string;
  scenario: string;
  /** The server has this conversation; before the first `accepted` REST would say not_found. */
  known: boolean;
  /** REST has been read at least once, or the thread was born in this tab. */
  loaded: boolean;
  deleted: boolean;
  /** What was said before this message has not been read; null where all of it is here. */
  older: string | null;
  messages: Readonly<Record<string, Message>>;
  generations: Readonly<Record<string, Generation>>;
  pending: Readonly<Record<string, Pending>>;
  /** Which sibling is looked at, per parent; without a pick the newest. */
  pick: Readonly<Record<string, string>>;
}

export const ROOT = "";

export const emptyThread = (id: string): ThreadState => ({
  id,
  title: "",
  scenario: "",
  known: false,
  loaded: false,
  deleted: false,
  older: null,
  messages: {},
  generations: {},
  pending: {},
  pick: {},
});

export const newGeneration = (id: string, message: string): Generation => ({
  id,
  message,
  state: "queued",
  reason: "",
  seq: 0,
  text: "",
  thinking: "",
  model: "",
  contextCut: false,
  position: null,
  etaS: null,
  stopping: false,
  asked: null,
  repairs: 0,
  usage: null,
  firstTokenMs: null,
  durationMs: null,
});

export interface LoadedGeneration
  extends Pick<Generation, "id" | "state" | "reason" | "seq" | "text" | "thinking"> {
  model: string;
  context_cut: boolean;
  first_token_ms: number | null;
  duration_ms: number | null;
  usage: Usage | null;
}

export interface LoadedMessage {
  id: string;
  parent: string | null;
  role: "user" | "assistant";
  text: string;
  created_at: string;
  generations: LoadedGeneration[];
  rating?: Rating;
  appealed?: boolean;
}

export interface LoadedThread {
  id: string;
  title: string;
  scenario: string;
  /** The first of the messages, where there are more before it. */
  older: string | null;
  messages: LoadedMessage[];
}

export type Action =
  | {
      type: "say";
      op: string;
      parent: string | null;
      text: string;
      scenario: string;
      at: string;
      /** From before a reload: whether the server knows the conversation is not known here. */
      revived?: boolean;
    }
  | { type: "ask_again"; op: string; kind: "regenerate" | "continue"; message: string }
  | { type: "take_back"; message: string }
  | { type: "stop"; generation: string }
  | { type: "pick"; parent: string; child: string }
  | { type: "rate"; message: string; rating: Rating | null }
  | { type: "appeal"; message: string }
  /** Turn to the branch that leads to this message. */
  | { type: "show"; message: string }
  /** The newest page, or with `before` the one before that message. */
  | { type: "loaded"; thread: LoadedThread; before?: string }
  | { type: "resume" }
  | { type: "damaged"; generation: string };

export type Effect =
  | { type: "follow"; generation: string; after: number }
  | { type: "stop"; generation: string }
  | { type: "verify"; generation: string; text: string; sha256: string }
  | { type: "refetch"; conversation: string };

export type Step = readonly [ThreadState, readonly Effect[]];
