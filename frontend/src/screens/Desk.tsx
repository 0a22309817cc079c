import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { catalogQuery } from "../api/queries";
import { say, stop } from "../ask";
import { useCell } from "../cell";
import { touchFirst } from "../composer";
import { inLocale, useLocale, useT } from "../i18n";
import { uuid7 } from "../ids";
import { session, store } from "../live";
import { useThread } from "../store";
import { liveGeneration, pathOf, phaseOf } from "../thread";
import { useTitle } from "../ui/useTitle";
import { Bar } from "./Bar";
import { Chips, useChoices } from "./Chips";
import { Composer, type ComposerHandle } from "./Composer";
import { Below, Hello } from "./Home";
import { NextSlot, useNextSlot } from "./NextSlot";
import type { Place } from "./place";
import { Thread } from "./Thread";

type DeskPlace = Extract<Place, { kind: "new" | "conversation" }>;

/**
 * The empty desk and the thread are one element with one composer, so that sending the first words moves neither the
 * focus nor the keyboard of a phone.
 */
export function Desk({
  place,
  onSignIn,
  banner,
}: {
  place: DeskPlace;
  onSignIn: () => void;
  banner: ReactNode;
}) {
  const t = useT();
  const locale = useLocale();
  const [, go] = useLocation();
  const now = useCell(session);
  const catalog = useQuery(catalogQuery);
  const composer = useRef<ComposerHandle>(null);
  const [lifted, setLifted] = useState({ id: "", count: 0 });

  const empty = place.kind === "new";
  const id = empty ? "" : place.id;
  const thread = useThread(store, id, (it) => it);
  const scenarioSlug = empty ? place.scenario : (thread?.scenario ?? "");
  const scenario = catalog.data?.scenarios.find((it) => it.slug === scenarioSlug);
  const choices = useChoices(scenarioSlug, scenario?.thinking ?? false, catalog.data?.models ?? []);
  const title = empty ? (scenario ? inLocale(scenario.name, locale) : "") : (thread?.title ?? "");
  useTitle(title);

  const running = thread && liveGeneration(thread.generations);
  const waiting = Object.keys(thread?.pending ?? {}).length > 0;
  const draftPlace = empty ? `new:${place.scenario}` : place.id;

  const lift = (conversation: string): void =>
    setLifted((before) => ({
      id: conversation,
      count: before.id === conversation ? before.count + 1 : 1,
    }));
  const send = (text: string): void => {
    const conversation = empty ? uuid7() : place.id;
    const path = thread ? pathOf(thread.messages, thread.pick) : [];
    const parent = path.findLast((row) => row.message.role === "assistant")?.message.id ?? null;
    const asked = empty && scenarioSlug ? { scenario: scenarioSlug } : {};
    void say({ conversation, parent, text, ...asked, ...choices.frame });
    lift(conversation);
    if (empty) go(`/c/${conversation}`);
  };
  const [next, setNext] = useNextSlot(id, Boolean(running) || waiting, send, (text) =>
    composer.current?.fill(text),
  );

  const arrived = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place, not a new render, takes the focus
  useEffect(() => {
    // A conversation gone to takes the focus to its heading (Thread.tsx); an empty desk is there to be written on.
    if (!touchFirst() && (empty || !arrived.current)) composer.current?.focus();
    else if (empty && arrived.current) document.querySelector<HTMLElement>(".hello h1")?.focus();
    arrived.current = true;
  }, [draftPlace]);

  const placeholder = empty
    ? scenario
      ? inLocale(scenario.placeholder, locale)
      : t.composer.placeholder
    : t.composer.more;

  return (
    <main className="main" data-empty={empty || undefined}>
      <Bar title={title} />
      {banner}
      {empty ? (
        <Hello scenario={scenario} />
      ) : (
        <Thread
          key={place.id}
          id={place.id}
          lift={lifted.id === place.id ? lifted.count : 0}
          choices={choices.frame}
          fill={(text) => composer.current?.fill(text)}
          onAsked={() => {
            lift(place.id);
            if (!touchFirst()) composer.current?.focus();
          }}
        />
      )}
      <div className="dock" id="dock">
        <Composer
          ref={composer}
          place={draftPlace}
          placeholder={placeholder}
          signedIn={now.type === "in"}
          phase={running ? phaseOf(running) : null}
          above={next && <NextSlot text={next} onCancel={() => setNext("")} />}
          chips={<Chips choices={choices} />}
          onSend={(text) => (running || waiting ? setNext(text) : send(text))}
          onStop={() => running && stop(id, running.id)}
          onSignIn={() =>
            now.type === "expired"
              ? onSignIn()
              : go(`/signin?kept&next=${encodeURIComponent(location.pathname)}`)
          }
        />
      </div>
      {empty && (
        <Below scenario={scenario} catalog={catalog.data} fill={(text) => composer.current?.fill(text)} />
      )}
    </main>
  );
}
