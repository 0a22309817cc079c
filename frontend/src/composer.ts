/** What the composer's one button is: derived, never stored. First match wins. */
import { isLive, type Phase } from "./thread";
import { codePoints, TEXT_LIMIT } from "./wire";

export type ComposerButton =
  | "sign_in"
  | "paused"
  | "over"
  | "cancel_queue"
  | "stopping"
  | "stop"
  | "empty"
  | "send";

export interface ComposerState {
  signedIn: boolean;
  /** The scenario takes no questions for now. */
  paused?: boolean;
  text: string;
  /** The phase of the answer being written in this conversation. */
  phase: Phase | null;
}

export function composerButton({ signedIn, paused, text, phase }: ComposerState): ComposerButton {
  const empty = text.trim() === "";
  if (!signedIn) return empty ? "empty" : "sign_in";
  if (codePoints(text) > TEXT_LIMIT) return "over";
  if (phase === "queued") return "cancel_queue";
  if (phase === "stopping") return "stopping";
  if (phase && isLive(phase)) return "stop";
  if (paused) return "paused";
  return empty ? "empty" : "send";
}

export interface EnterKey {
  key: string;
  shiftKey: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** On a touch screen Enter is a new line and the button sends; with Ctrl or Cmd it always sends. */
export function entersSend(
  event: EnterKey,
  { touch, enterSends }: { touch: boolean; enterSends: boolean },
): boolean {
  if (event.key !== "Enter" || event.shiftKey || event.altKey) return false;
  if (event.ctrlKey || event.metaKey) return true;
  return enterSends && !touch;
}

export const touchFirst = (): boolean =>
  matchMedia("(pointer: coarse) and (not (any-pointer: fine))").matches;

/** Words that come to others: nothing said is thrown away. */
export const joined = (before: string, words: string): string =>
  before.trim() === "" ? words : `${before}\n\n${words}`;

/** Where the 〔blank〕 of a starter that begins at `from` is, to be selected. */
export function blankOf(text: string, from = 0): [number, number] {
  const start = text.indexOf("〔", from);
  const end = text.indexOf("〕", start);
  return start < 0 || end < 0 ? [text.length, text.length] : [start, end + 1];
}
