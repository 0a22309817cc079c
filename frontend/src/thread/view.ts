/** What the components read: derived from the state, never stored in it. */
import { TERMINAL } from "../wire";
import { type AnswerMessage, type Generation, type Message, ROOT, type ThreadState } from "./state";

export const PHASES = [
  "queued",
  "starting",
  "thinking",
  "streaming",
  "stopping",
  "completed",
  "stopped",
  "interrupted",
  "truncated",
  "failed",
  "filtered",
  "expired",
] as const;
export type Phase = (typeof PHASES)[number];

export function phaseOf(generation: Generation): Phase {
  const { state, reason } = generation;
  if (reason === "content_filter" && TERMINAL.has(state)) return "filtered";
  if (state === "completed") return reason === "length" ? "truncated" : "completed";
  if (TERMINAL.has(state)) return state as Extract<Phase, typeof state>;
  if (generation.stopping) return "stopping";
  if (state !== "streaming") return state;
  return generation.text === "" && generation.thinking !== "" ? "thinking" : "streaming";
}

export const isLive = (phase: Phase): boolean =>
  phase === "queued" ||
  phase === "starting" ||
  phase === "thinking" ||
  phase === "streaming" ||
  phase === "stopping";

const HOPELESS = new Set(["content_filter", "unavailable", "refused"]);

/** The server goes on with an answer that was stopped, cut at its length, or interrupted by something that passes. */
export const canContinue = ({ state, reason }: Generation): boolean =>
  state === "stopped" ||
  (state === "completed" && reason === "length") ||
  (state === "interrupted" && !HOPELESS.has(reason));

export interface AnswerView {
  phase: Phase;
  /** The newest generation: what stop, continue and the status line are about. */
  last: Generation;
  text: string;
  thinking: string;
}

export function answerView(
  message: AnswerMessage,
  generations: ThreadState["generations"],
): AnswerView | null {
  const all = message.generations.flatMap((id) => generations[id] ?? []);
  const last = all.at(-1);
  if (!last) return null;
  return {
    phase: phaseOf(last),
    last,
    text: all.map((it) => it.text).join(""),
    thinking: all
      .map((it) => it.thinking)
      .filter(Boolean)
      .join("\n\n"),
  };
}

const FENCED = /^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1|(?![\s\S]))/gm;

/** Paragraphs, tables, pieces of code: what stands between empty lines. */
export const partsOf = (text: string): number =>
  text
    .replace(FENCED, "\n\n·\n\n")
    .split(/\n\s*\n/)
    .filter((part) => part.trim() !== "").length;

export interface Row {
  message: Message;
  /** Ids of the messages one can switch between, oldest first; `at` is this one's place. */
  siblings: readonly string[];
  at: number;
}

/** A message the server has just made has no time yet: it is the newest. Equal times fall back to the ids. */
const madeAt = (message: Message): number => Date.parse(message.createdAt) || Number.MAX_SAFE_INTEGER;
const older = (a: Message, b: Message): number => madeAt(a) - madeAt(b) || (a.id < b.id ? -1 : 1);

/** Where nothing was picked, the branch that was last talked in. */
export function pathOf(messages: ThreadState["messages"], pick: ThreadState["pick"]): Row[] {
  const children = new Map<string, Message[]>();
  for (const message of Object.values(messages).sort(older)) {
    const parent = message.parent ?? ROOT;
    const known = children.get(parent);
    if (known) known.push(message);
    else children.set(parent, [message]);
  }
  const latest = latestIn(messages);
  const rows: Row[] = [];
  const seen = new Set<string>();
  for (let parent = latest.from; !seen.has(parent); ) {
    seen.add(parent);
    const siblings = children.get(parent) ?? [];
    const picked = siblings.findIndex((it) => it.id === pick[parent]);
    const talked = siblings.findIndex((it) => latest.line.has(it.id));
    const at = picked >= 0 ? picked : talked >= 0 ? talked : siblings.length - 1;
    const message = siblings[at];
    if (!message) break;
    rows.push({ message, siblings: siblings.map((it) => it.id), at });
    parent = message.id;
  }
  return rows;
}

/** The newest message and all it continues from, as far as that is here; `from` is what the first of them continues. */
function latestIn(messages: ThreadState["messages"]): { line: ReadonlySet<string>; from: string } {
  const line = new Set<string>();
  let from = ROOT;
  let at = Object.values(messages).sort(older).at(-1);
  while (at && !line.has(at.id)) {
    line.add(at.id);
    from = at.parent ?? ROOT;
    at = messages[from];
  }
  return { line, from };
}

/** What new words in this thread follow: the last answer of the branch that is looked at. */
export const followed = ({ messages, pick }: ThreadState): string | null =>
  pathOf(messages, pick).findLast((row) => row.message.role === "assistant")?.message.id ?? null;

/** The server has it, or may have: it is more here than the first words that are still this tab's own. */
export const hasBegun = ({ known, messages }: ThreadState): boolean =>
  known || Object.keys(messages).length > 1 || Object.values(messages).some((it) => it.parent !== null);

/** Something new can be asked: what that follows is here, no answer is written, and nothing asked is under way. */
export const isFree = ({ loaded, generations, pending }: ThreadState): boolean =>
  loaded && !liveGeneration(generations) && Object.keys(pending).length === 0;

/** The generation that runs in this conversation, whichever branch is looked at. */
export const liveGeneration = (generations: ThreadState["generations"]): Generation | undefined =>
  Object.values(generations).find((it) => !TERMINAL.has(it.state));
