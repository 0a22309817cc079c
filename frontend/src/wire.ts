/** The frames of docs/protocol.md, both directions, and the parser that trusts none of them. */
import {
  bool,
  list,
  nullable,
  num,
  oneOf,
  optional,
  type Parse,
  type Parsed,
  record,
  shape,
  str,
} from "./shape";

export const CODES = [
  "invalid",
  "too_long",
  "conflict",
  "not_found",
  "busy",
  "queue_full",
  "rate_limited",
  "quota_exceeded",
  "paused",
  "unavailable",
  "session_expired",
  "content_filtered",
  "too_large",
  "unsupported_type",
  "internal",
] as const;
export type Code = (typeof CODES)[number];

/** A code this page does not know yet is a fault of ours, and says so. */
export const code: Parse<Code> = (value) => CODES.find((known) => known === value) ?? "internal";

export const STATES = [
  "queued",
  "starting",
  "streaming",
  "completed",
  "stopped",
  "failed",
  "interrupted",
  "expired",
] as const;
export type GenerationState = (typeof STATES)[number];

/** Why a generation ended without an answer, or in the middle of one. */
export const FAULTS = [
  "unavailable",
  "refused",
  "first_token_timeout",
  "bad_stream",
  "upstream_reset",
  "stall",
  "content_filter",
  "max_time",
  "lease_lost",
  "drain",
  "quota",
  "internal",
] as const;
export type Fault = (typeof FAULTS)[number];
export const fault = (reason: string): Fault => FAULTS.find((known) => known === reason) ?? "internal";

export const TERMINAL: ReadonlySet<GenerationState> = new Set([
  "completed",
  "stopped",
  "failed",
  "interrupted",
  "expired",
] as const);

export const TEXT_LIMIT = 32_000;

export interface Send {
  type: "send";
  id: string;
  conversation: string;
  parent: string | null;
  text: string;
  scenario?: string;
  model?: string;
  thinking?: boolean;
  /** Only counts where this begins the conversation. */
  temporary?: boolean;
}
export interface Regenerate {
  type: "regenerate";
  id: string;
  message: string;
  model?: string;
  thinking?: boolean;
  hint?: "shorter" | "longer";
}
export interface Continue {
  type: "continue";
  id: string;
  generation: string;
}
export type ClientFrame =
  | Send
  | Regenerate
  | Continue
  | { type: "stop"; generation: string }
  | { type: "follow"; generation: string; after: number }
  | { type: "unfollow"; generation: string }
  | { type: "read"; conversation: string }
  | { type: "ping" };

const state = oneOf(...STATES);

export const usage = shape({
  input_tokens: optional(num),
  output_tokens: optional(num),
  reasoning_tokens: optional(num),
  token_source: optional(str),
});
export type Usage = Parsed<typeof usage>;

/** What a person has not told us is empty, never a reason to drop the frame. */
const words: Parse<string> = (value) => (typeof value === "string" ? value : "");
export const person = shape({ email: words, name: words, locale: words });

const frames = {
  welcome: shape({
    user: person,
    active: list(shape({ generation: str, conversation: str, message: str, state })),
  }),
  accepted: shape({ id: str, conversation: str, message: str, answer: str, generation: str }),
  queued: shape({ generation: str, position: num, eta_s: nullable(num) }),
  started: shape({ generation: str, model: str, context_cut: bool }),
  delta: shape({ generation: str, after: num, seq: num, text: optional(str), thinking: optional(str) }),
  snapshot: shape({ generation: str, seq: num, text: str, thinking: str }),
  finished: shape({
    generation: str,
    seq: num,
    state,
    reason: str,
    length: num,
    sha256: str,
    usage: nullable(usage),
    first_token_ms: nullable(num),
    duration_ms: nullable(num),
  }),
  error: shape({
    code,
    id: optional(str),
    generation: optional(str),
    retry_after_s: optional(num),
    params: optional(record),
  }),
  pong: shape({}),
};

const active = nullable(shape({ generation: str, message: str, state }));
const changed = shape({
  conversation: str,
  title: optional(str),
  deleted: optional(bool),
  unread: optional(bool),
});
export type Active = Parsed<typeof active>;

type Simple = { [T in keyof typeof frames]: { type: T } & Parsed<(typeof frames)[T]> }[keyof typeof frames];
/** `active: null` (nothing runs any more) says something else than no `active` at all. */
export type Changed = { type: "changed" } & Parsed<typeof changed> & { active?: Active };
export type ServerFrame = Simple | Changed;
export type FrameOf<T extends ServerFrame["type"]> = Extract<ServerFrame, { type: T }>;

const isKnown = (type: unknown): type is keyof typeof frames =>
  typeof type === "string" && Object.hasOwn(frames, type);

/** The frame, or null for what this page does not know or cannot trust. */
export function parseFrame(json: string): ServerFrame | null {
  try {
    const value = record(JSON.parse(json));
    if (value.type === "changed") {
      const frame: Changed = { type: "changed", ...changed(value) };
      return Object.hasOwn(value, "active") ? { ...frame, active: active(value.active) } : frame;
    }
    if (!isKnown(value.type)) return null;
    return { type: value.type, ...frames[value.type](value) } as ServerFrame;
  } catch {
    return null;
  }
}

/** Length as the server counts it: code points, not UTF-16 units. */
export function codePoints(text: string): number {
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdbff || i + 1 === text.length) count++;
    else {
      const next = text.charCodeAt(i + 1);
      count++;
      if (next >= 0xdc00 && next <= 0xdfff) i++;
    }
  }
  return count;
}
