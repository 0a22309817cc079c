/** The rows of a branch as turns: a question and the answer that is looked at. */
import type { Row, ThreadState } from "../thread";

export interface TurnRows {
  said: Row;
  answer: Row | null;
}

export function turnsOf(rows: readonly Row[]): TurnRows[] {
  const turns: TurnRows[] = [];
  for (const row of rows) {
    const last = turns.at(-1);
    if (row.message.role === "user") turns.push({ said: row, answer: null });
    else if (last) last.answer = row;
  }
  return turns;
}

/** Of each turn the model that answers it, where the one before was answered by another. */
export function switchesOf(
  turns: readonly TurnRows[],
  generations: ThreadState["generations"],
): (string | null)[] {
  let before = "";
  return turns.map(({ answer }) => {
    const id = answer?.message.role === "assistant" ? answer.message.generations.at(-1) : undefined;
    const model = (id && generations[id]?.model) || before;
    const switched = before !== "" && model !== before;
    before = model;
    return switched ? model : null;
  });
}

const AROUND_PX = 170;
const LINE_PX = 28;
const LINE_CHARS = 40;
const FOLDED_LINES = 12;

const linesOf = (text: string): number => Math.ceil(text.length / LINE_CHARS);

/** Of a turn that was never drawn, in CSS pixels: near enough for a scrollbar, put right once it is drawn. */
export function roughHeight({ said, answer }: TurnRows, generations: ThreadState["generations"]): number {
  const question = said.message.role === "user" ? linesOf(said.message.text) : 0;
  const ids = answer?.message.role === "assistant" ? answer.message.generations : [];
  const lines = ids.reduce((sum, id) => sum + linesOf(generations[id]?.text ?? ""), 0);
  return AROUND_PX + LINE_PX * (Math.min(question, FOLDED_LINES) + lines);
}
