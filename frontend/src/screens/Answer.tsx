import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { catalogQuery } from "../api/queries";
import type { Model } from "../api/shapes";
import { askInstead, continueAnswer, type Otherwise, regenerate } from "../ask";
import { inLocale, useLocale, useT } from "../i18n";
import { labelledHtml, labelledText } from "../label";
import { store } from "../live";
import { modelFor } from "../models";
import { LazyProse } from "../prose/LazyProse";
import { richText } from "../prose/rich";
import { useKeptSelection } from "../prose/useKeptSelection";
import { usePaced } from "../prose/usePaced";
import { reporter } from "../report";
import { type AnswerMessage, type AnswerView, isLive, type Row } from "../thread";
import { CopyButton } from "../ui/CopyButton";
import { Mark } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { languageOf } from "../ui/languageOf";
import { Toolbar } from "../ui/Toolbar";
import { AnswerMenu } from "./AnswerMenu";
import { Appeal, mayAppeal } from "./Appeal";
import { Ending } from "./Ending";
import { Feedback } from "./Feedback";
import { Instead } from "./Instead";
import { Reasoning } from "./Reasoning";
import { StopFirst } from "./Refused";
import { Siblings } from "./Siblings";
import type { AskChoices } from "./turn_types";
import { useAnswerNews } from "./useAnswerNews";
import { WaitLine } from "./WaitLine";

export function Answer({
  conversation,
  number,
  row,
  message,
  view,
  question,
  choices,
  busy,
  running,
  isLast,
  onEditQuestion,
  onAsked,
}: {
  conversation: string;
  number: number | null;
  row: Row;
  message: AnswerMessage;
  view: AnswerView;
  question: string;
  choices: AskChoices;
  busy: boolean;
  running: string | null;
  isLast: boolean;
  onEditQuestion: () => void;
  onAsked: () => void;
}) {
  const t = useT();
  const { phase, last, text, thinking } = view;
  const live = isLive(phase);
  const shown = usePaced(text, { live, frozen: phase === "stopping" });
  const settled = !live && shown.length === text.length;
  const prose = useRef<HTMLDivElement>(null);
  useKeptSelection(prose, isLast && shown !== "");
  const catalog = useQuery(catalogQuery).data;
  const models = catalog?.models ?? [];
  const { model: next } = modelFor(catalog, store.get(conversation)?.scenario ?? "", choices.model);
  // Which one answers is told when it begins; until then it is the one that was to be asked.
  const others = models.filter((it) => it.slug !== (last.model || next?.slug));
  useAnswerNews(view, { isLast, mayAppeal: mayAppeal(conversation) });

  const again = (otherwise: Otherwise = {}): void => {
    regenerate(conversation, message.id, question, { ...choices, ...otherwise });
    if (isLast) onAsked();
  };
  const skipThinking = (): void => {
    askInstead(conversation, message.id, question, last.id, { ...choices, thinking: false });
    if (isLast) onAsked();
  };
  const by = ({ slug, thinks }: Model): Otherwise => ({ model: slug, thinking: thinks && choices.thinking });
  /** Nothing until Markdown is drawn: what stands for it is no formatted text. */
  const formatted = (): string => {
    const drawn = prose.current?.querySelector(":scope > .md:not(.plain)");
    return drawn ? labelledHtml(richText(drawn), t.thread.copyLabel) : "";
  };

  return (
    <div
      className="answer"
      data-state={phase}
      data-generation={last.id}
      data-message={message.id}
      aria-busy={!settled}
    >
      <h2 className="visually-hidden">{t.thread.answer(number)}</h2>
      <AnswerHead model={last.model} turning={phase === "starting"} />
      {last.contextCut && <p className="aside">{t.thread.contextCut}</p>}
      {thinking && <Reasoning generation={last.id} text={thinking} live={phase === "thinking"} />}
      <WaitLine
        phase={phase}
        generation={last}
        started={text !== "" || thinking !== ""}
        instead={
          <Instead
            others={others}
            onChoose={(it) => askInstead(conversation, message.id, question, last.id, by(it))}
          />
        }
      />
      {phase === "thinking" && (
        <button type="button" className="btn btn-small" onClick={skipThinking}>
          {t.actions.skipThinking}
        </button>
      )}
      {shown && (
        <div ref={prose} className="prose" lang={languageOf(text)} data-live={!settled || undefined}>
          <LazyProse text={shown} live={!settled} />
        </div>
      )}
      {settled && (
        <Ending
          phase={phase}
          last={last}
          hasText={text !== ""}
          appealed={message.appealed}
          refusal={message.refusal}
          busy={busy}
          appeal={mayAppeal(conversation) && <Appeal conversation={conversation} answer={message.id} />}
          instead={<Instead others={others} onChoose={(it) => again(by(it))} />}
          stopFirst={
            message.refusal && (
              <StopFirst conversation={conversation} refusal={message.refusal} running={running} />
            )
          }
          onContinue={() => continueAnswer(conversation, message.id, last.id)}
          onRetry={() => again()}
          onRephrase={onEditQuestion}
        />
      )}
      {message.appealed && phase !== "filtered" && <p className="aside mt-3">{t.report.arrived}</p>}
      <div className="quiet mt-1">
        <Toolbar label={t.actions.group}>
          {settled && text && (
            <CopyButton
              of="answer"
              onCopied={() => reporter.tell({ kind: "copied", answer: message.id })}
              label={t.actions.copy}
              text={() => labelledText(text, t.thread.copyLabel)}
              rich={formatted}
            />
          )}
          {settled && text && (
            <Feedback conversation={conversation} answer={message.id} rating={message.rating} />
          )}
          {settled && (
            <>
              <IconButton
                className="tool"
                name="refresh"
                size={18}
                label={t.actions.regenerate}
                aria-disabled={busy}
                onClick={() => !busy && again()}
              />
              {!busy && (
                <AnswerMenu
                  conversation={conversation}
                  message={message}
                  mayThink={next?.thinks ?? false}
                  others={others}
                  again={again}
                  by={by}
                />
              )}
            </>
          )}
        </Toolbar>
        <Siblings conversation={conversation} row={row} />
      </div>
    </div>
  );
}

function AnswerHead({ model, turning }: { model: string; turning: boolean }) {
  const t = useT();
  const locale = useLocale();
  const catalog = useQuery(catalogQuery);
  const known = catalog.data?.models.find((it) => it.slug === model);
  return (
    <p className="answer-head">
      <Mark size={18} turning={turning} />
      <b className="ai-label">{t.thread.ai}</b>
      {known ? inLocale(known.name, locale) : model}
    </p>
  );
}
