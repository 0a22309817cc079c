import { useEffect, useMemo, useRef } from "react";
import { createPortal } from "react-dom";
import { useT } from "../i18n";
import { copySelection } from "../prose/rich";
import { liveGeneration, pathOf, phaseOf, type ThreadState } from "../thread";
import { Icon } from "../ui/Icon";
import { Earlier } from "./Earlier";
import { Turn } from "./Turn";
import type { AskChoices } from "./turn_types";
import { roughHeight, switchesOf, turnsOf } from "./turns";
import { useFound } from "./useFound";
import { useNear } from "./useNear";
import { useReturn } from "./useReturn";
import { useThreadScroll } from "./useThreadScroll";

export function Turns({
  thread,
  lift,
  choices,
  giveBack,
  onAsked,
}: {
  thread: ThreadState;
  lift: number;
  choices: AskChoices;
  giveBack: (words: string) => void;
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
  const { messages, pick, generations, older } = thread;
  const turns = useMemo(() => turnsOf(pathOf(messages, pick)), [messages, pick]);
  const near = useNear(box, turns);
  const { pill, toEnd, toElement, left } = useThreadScroll(box, { ready: true, lift });
  useReturn(thread, box, { turns, draw: near.draw, toElement, left });
  useFound(thread, box, { turns, draw: near.draw, toElement });
  const running = liveGeneration(generations);
  const switches = switchesOf(turns, generations);
  const dock = document.getElementById("dock");

  return (
    <section
      ref={box}
      className="thread"
      data-scenario={thread.scenario || undefined}
      aria-label={t.thread.region}
      tabIndex={-1}
      onCopy={copySelection}
    >
      <h1 ref={heading} tabIndex={-1} className="visually-hidden">
        {thread.title || t.nav.untitled}
      </h1>
      {older !== null && <Earlier box={box} conversation={thread.id} before={older} />}
      <ol className="turns">
        {turns.map((turn, index) => (
          <Turn
            key={turn.said.message.key}
            conversation={thread.id}
            number={older === null ? index + 1 : null}
            said={turn.said}
            answer={turn.answer}
            generations={generations}
            switchedTo={switches[index] ?? null}
            pending={thread.pending}
            running={running?.id ?? null}
            isLast={index === turns.length - 1}
            lifted={lift > 0 && index === turns.length - 1}
            away={near.has(index) ? null : (near.heightOf(index) ?? roughHeight(turn, generations))}
            choices={choices}
            giveBack={giveBack}
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
