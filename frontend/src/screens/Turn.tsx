import { memo, useState } from "react";
import { say } from "../ask";
import { answerView } from "../thread";
import { Answer } from "./Answer";
import { EditQuestion, Said } from "./Said";
import { Switched } from "./Switched";
import type { TurnProps } from "./turn_types";

/** A turn is drawn anew only when one of its own generations changed, not when another streams. */
export const Turn = memo(TurnView, (before, after) => {
  for (const name of [
    "conversation",
    "number",
    "switchedTo",
    "pending",
    "running",
    "isLast",
    "lifted",
    "away",
  ] as const) {
    if (before[name] !== after[name]) return false;
  }
  if (before.choices.model !== after.choices.model || before.choices.thinking !== after.choices.thinking)
    return false;
  if (!sameRow(before.said, after.said) || !sameRow(before.answer, after.answer)) return false;
  const message = after.answer?.message;
  if (message?.role !== "assistant") return true;
  return message.generations.every((id) => before.generations[id] === after.generations[id]);
});

const sameRow = (before: TurnProps["answer"], after: TurnProps["answer"]): boolean =>
  before === after ||
  (before?.message === after?.message &&
    before?.at === after?.at &&
    before?.siblings.length === after?.siblings.length);

function TurnView({
  conversation,
  number,
  said,
  answer,
  switchedTo,
  generations,
  pending,
  running,
  isLast,
  lifted,
  away,
  choices,
  giveBack,
  onAsked,
}: TurnProps) {
  const [editing, setEditing] = useState(false);
  const question = said.message;
  const reply = answer?.message;
  if (question.role !== "user") return null;
  if (away !== null) return <li className="turn" style={{ height: away }} />;
  const view = reply?.role === "assistant" ? answerView(reply, generations) : null;
  const asking = Object.values(pending).some((it) => it.kind !== "say" && it.message === reply?.id);

  return (
    <li className="turn" data-lifted={lifted || undefined}>
      {editing ? (
        <EditQuestion
          text={question.text}
          busy={running !== null}
          onCancel={() => setEditing(false)}
          onSave={(text) => {
            setEditing(false);
            say({ conversation, parent: question.parent, text, ...choices });
            onAsked();
          }}
        />
      ) : (
        <Said
          conversation={conversation}
          row={said}
          message={question}
          running={running}
          choices={choices}
          giveBack={giveBack}
          onEdit={() => setEditing(true)}
        />
      )}
      {switchedTo && <Switched model={switchedTo} />}
      {answer && reply?.role === "assistant" && view && (
        <Answer
          key={reply.key}
          conversation={conversation}
          number={number}
          row={answer}
          message={reply}
          view={view}
          question={question.id}
          choices={choices}
          busy={running !== null || asking}
          running={running}
          isLast={isLast}
          onEditQuestion={() => setEditing(true)}
          onAsked={onAsked}
        />
      )}
    </li>
  );
}
