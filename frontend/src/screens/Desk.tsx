import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { catalogQuery } from "../api/queries";
import { say, sayNext, stop } from "../ask";
import { useCell } from "../cell";
import { touchFirst } from "../composer";
import { inLocale, useLocale, useT } from "../i18n";
import { uuid7 } from "../ids";
import { drafts, next, session, store } from "../live";
import { nextWords } from "../next";
import { useThread } from "../store";
import { TEMPORARY_PLACE, temporary } from "../temporary";
import { followed, hasBegun, isFree, liveGeneration, phaseOf } from "../thread";
import { asAsked, pair } from "../translate";
import { useTitle } from "../ui/useTitle";
import { Bar } from "./Bar";
import { Chips, useChoices } from "./Chips";
import { Composer, type ComposerHandle } from "./Composer";
import { Below, Hello, Paused, TemporaryLink } from "./Home";
import { LateThread } from "./LateThread";
import { NextSlot } from "./NextSlot";
import type { Place } from "./place";
import { TranslateForm } from "./TranslateForm";
import { useRead } from "./useRead";
import { useTemporary } from "./useTemporary";

type DeskPlace = Extract<Place, { kind: "new" | "conversation" | "temporary" }>;

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

  const fleeting = place.kind === "temporary";
  const fleetingId = useCell(temporary);
  useTemporary(fleeting);
  const id = place.kind === "conversation" ? place.id : fleeting ? fleetingId : "";
  const empty = id === "";
  useRead(fleeting ? "" : id);
  const thread = useThread(store, id, (it) => it);
  const scenarioSlug = place.kind === "new" ? place.scenario : (thread?.scenario ?? "");
  const scenario = catalog.data?.scenarios.find((it) => it.slug === scenarioSlug);
  const choices = useChoices(scenarioSlug, scenario?.thinking ?? false, catalog.data);
  const title = titleOf();
  useTitle(title);

  const running = thread && liveGeneration(thread.generations);
  const draftPlace = fleeting ? TEMPORARY_PLACE : empty ? `new:${scenarioSlug}` : id;

  /** A temporary conversation's words do not even get into the browser's list of visited pages. */
  function titleOf(): string {
    if (fleeting) return t.temporary.title;
    if (empty) return scenario ? inLocale(scenario.name, locale) : "";
    return thread?.title ?? "";
  }
  const lift = (conversation: string): void =>
    setLifted((before) => ({
      id: conversation,
      count: before.id === conversation ? before.count + 1 : 1,
    }));
  const translates = empty && scenarioSlug === "translate";
  const send = (words: string): void => {
    const text = translates ? asAsked(words, pair.get(), locale) : words;
    const conversation = id || uuid7();
    if (fleeting) temporary.set(conversation);
    const parent = thread ? followed(thread) : null;
    const asked = empty && scenarioSlug ? { scenario: scenarioSlug } : {};
    say({ conversation, parent, text, ...asked, ...choices.frame });
    lift(conversation);
    if (empty && !fleeting) go(`/c/${conversation}`);
  };
  const giveBack = (words: string): void => {
    if (fleeting || !thread || hasBegun(thread)) return composer.current?.giveBack(words);
    // Of a conversation that never began nothing is left: its words go back to where they came from.
    drafts.carry(id, `new:${scenarioSlug}`, words);
    go(scenarioSlug ? `/s/${scenarioSlug}` : "/");
  };
  const slot = nextWords(useCell(next.waiting), id);
  const waits = !empty && (slot !== "" || !thread || !isFree(thread));
  // biome-ignore lint/correctness/useExhaustiveDependencies: what goes while this conversation is looked at
  useEffect(() => next.sent.subscribe(() => next.sent.get()?.conversation === id && lift(id)), [id]);

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
      <Bar title={title}>
        {empty && now.type === "in" && <TemporaryLink here={fleeting} />}
        {now.type === "out" && (
          <Link href="/signin" className="btn btn-small btn-primary bar-door">
            {t.auth.signIn}
          </Link>
        )}
      </Bar>
      {banner}
      {empty ? (
        <Hello scenario={scenario} fleeting={fleeting} />
      ) : (
        <LateThread
          key={id}
          id={id}
          lift={lifted.id === id ? lifted.count : 0}
          choices={choices.frame}
          giveBack={giveBack}
          onAsked={() => {
            lift(id);
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
          paused={scenario?.is_paused ?? false}
          above={
            <>
              {translates && <TranslateForm />}
              {scenario?.is_paused && <Paused name={inLocale(scenario.name, locale)} />}
              {slot && (
                <NextSlot
                  text={slot}
                  onCancel={() => {
                    composer.current?.giveBack(slot);
                    next.drop(id);
                  }}
                />
              )}
            </>
          }
          chips={<Chips choices={choices} />}
          onSend={(text) => (waits ? sayNext({ conversation: id, text, ...choices.frame }) : send(text))}
          onStop={() => running && stop(id, running.id)}
          onSignIn={() =>
            now.type === "expired"
              ? onSignIn()
              : go(`/signin?kept&next=${encodeURIComponent(location.pathname)}`)
          }
        />
      </div>
      {empty && !fleeting && (
        <Below
          scenario={scenario}
          catalog={catalog.data}
          signedIn={now.type === "in"}
          offer={(starter) => composer.current?.offer(starter)}
        />
      )}
    </main>
  );
}
