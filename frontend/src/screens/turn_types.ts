import type { Row, ThreadState } from "../thread";

export interface AskChoices {
  model?: string;
  thinking: boolean;
}

export interface TurnProps {
  conversation: string;
  /** Of this turn, from 1; null while it is not known how many there are before it. */
  number: number | null;
  said: Row;
  answer: Row | null;
  /** The model of this answer, if the one before is by another. */
  switchedTo: string | null;
  generations: ThreadState["generations"];
  pending: ThreadState["pending"];
  running: string | null;
  isLast: boolean;
  lifted: boolean;
  /** Too far from the view to be drawn: its height, in CSS pixels, that an empty row keeps. */
  away: number | null;
  choices: AskChoices;
  giveBack: (words: string) => void;
  /** A question was asked anew from within the thread: it is lifted like any other. */
  onAsked: () => void;
}
