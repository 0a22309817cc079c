import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { createPortal } from "react-dom";
import { Refused } from "../api/client";
import { threadQuery } from "../api/queries";
import { useCell } from "../cell";
import { errorSentence, useLocale, useT } from "../i18n";
import { session, store } from "../live";
import { preloadProse } from "../prose/LazyProse";
import { copySelection } from "../prose/rich";
import { useThread } from "../store";
import { liveGeneration, pathOf, phaseOf, type Row, type ThreadState } from "../thread";
import { Icon } from "../ui/Icon";
import { Nothing } from "./NotFound";
import { Turn } from "./Turn";
import type { AskChoices } from "./turn_types";
import { useFound } from "./useFound";
import { useThreadScroll } from "./useThreadScroll";

export function Thread({
  id,
  lift,
  choices,
  fill,
  onAsked,
}: {
  id: string;
  lift: number;
  choices: AskChoices;
  fill: (text: string) => void;
  onAsked: () => void;
}) {
  const t = useT();
  const locale = useLocale();
  const now = useCell(session);
  const thread = useThread(store, id, (it) => it);
  const bornHere = thread !== undefined && !thread.known && thread.loaded;
  const query = useQuery({ ...threadQuery(id), enabled: now.type === "in" && !bornHere });

  const data = query.data;
  useLayoutEffect(() => {
    if (data) store.dispatch(id, { type: "loaded", thread: data });
  }, [data, id]);
  useEffect(preloadProse, []);

  const code = query.error instanceof Refused ? query.error.code : query.error ? "internal" : null;
  const empty = !thread || Object.keys(thread.messages).length === 0;
  if (thread?.deleted || (empty && code === "not_found"))
    return <Nothing title={t.notFound.conversation} body="" />;
  if (empty && code && code !== "session_expired")
    return <Nothing title={errorSentence({ code }, locale)} body="" />;
  // What waits to be sent is shown even where the server has nothing yet.
  const waiting = !empty && code === "not_found";
  if (!thread || !(thread.loaded || waiting)) {
    return (
      <p className="waiting-page status-late" role="status">
        {now.type === "out" ? t.nav.signInHint : t.thread.loading}
      </p>
    );
  }
  return <Turns thread={thread} lift={lift} choices={choices} fill={fill} onAsked={onAsked} />;
}

interface TurnRows {
  said: Row;
  answer: Row | null;
}

function turnsOf(rows: readonly Row[]): TurnRows[] {
  const turns: TurnRows[] = [];
  for (const row of rows) {
    const last = turns.at(-1);
    if (row.message.role === "user") turns.push({ said: row, answer: null });
    else if (last) last.answer = row;
  }
  return turns;
}

function Turns({
  thread,
  lift,
  choices,
  fill,
  onAsked,
}: {
  thread: ThreadState;
  lift: number;
  choices: AskChoices;
  fill: (text: string) => void;
  onAsked: () => void;
}) {
  const t = useT();
  const box = useRef<HTMLElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever came here by a link hears where they are; whoever writes goes on writing.
  useEffect(() => {
    if (!document.activeElement?.closest("textarea, input, dialog"))
      heading.current?.focus({ preventScroll: true });
  }, []);
  const { messages, pick } = thread;
  const turns = useMemo(() => turnsOf(pathOf(messages, pick)), [messages, pick]);
  const { pill, toEnd, toElement } = useThreadScroll(box, { ready: true, lift });
  useFound(thread, box, toElement);
  const running = liveGeneration(thread.generations);
  const dock = document.getElementById("dock");

  return (
    <section ref={box} className="thread" aria-label={t.thread.region} tabIndex={-1} onCopy={copySelection}>
      <h1 ref={heading} tabIndex={-1} className="visually-hidden">
        {thread.title || t.nav.untitled}
      </h1>
      <ol className="turns">
        {turns.map((turn, index) => (
          <Turn
            key={turn.said.message.key}
            conversation={thread.id}
            number={index + 1}
            said={turn.said}
            answer={turn.answer}
            generations={thread.generations}
            pending={thread.pending}
            running={running?.id ?? null}
            isLast={index === turns.length - 1}
            lifted={lift > 0 && index === turns.length - 1}
            choices={choices}
            fill={fill}
            onAsked={onAsked}
          />
        ))}
      </ol>
      {pill &&
        dock &&
        createPortal(
          <button
            type="button"
            className="pill"
            aria-label={running ? t.thread.toEndLive : t.thread.toEnd}
            onClick={toEnd}
          >
            <Icon name="down" size={18} />
            {t.thread.toEnd}
            {running && phaseOf(running) === "streaming" && (
              <span className="text-ink-3">· {t.thread.writing}</span>
            )}
          </button>,
          dock,
        )}
    </section>
  );
}
