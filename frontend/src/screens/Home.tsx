import { Fragment, useEffect } from "react";
import { Link } from "wouter";
import type { Catalog, Scenario } from "../api/shapes";
import { greetingAt } from "../days";
import { inLocale, useLocale, useT } from "../i18n";
import { reporter } from "../report";
import { Icon, Mark, ScenarioIcon } from "../ui/Icon";
import { useTold } from "../ui/useTold";
import { LastTime } from "./LastTime";
import { ScenarioCard } from "./ScenarioCard";

export function Hello({ scenario, fleeting }: { scenario: Scenario | undefined; fleeting: boolean }) {
  const t = useT();
  const locale = useLocale();
  return (
    <div className="hello">
      {fleeting ? (
        <>
          <span className="mark">
            <Icon name="hourglass" size={36} />
          </span>
          <h1 tabIndex={-1}>{t.temporary.title}</h1>
          <p>{t.temporary.body}</p>
        </>
      ) : scenario ? (
        <>
          <span className="mark">
            <ScenarioIcon slug={scenario.slug} icon={scenario.icon} size={36} />
          </span>
          <h1 tabIndex={-1}>{inLocale(scenario.name, locale)}</h1>
          <p>{inLocale(scenario.tagline, locale)}</p>
        </>
      ) : (
        <>
          <Mark size={44} />
          <h1 tabIndex={-1}>
            <Sentences text={t.greeting[greetingAt(new Date().getHours())]} />
          </h1>
        </>
      )}
    </div>
  );
}

/** A line breaks between two sentences before it breaks within one. */
const Sentences = ({ text }: { text: string }) =>
  text.split(/(?<=\.) /).map((it) => (
    <Fragment key={it}>
      <span className="inline-block">{it}</span>{" "}
    </Fragment>
  ));

/** The way into a temporary conversation, and out of it. */
export function TemporaryLink({ here }: { here: boolean }) {
  const t = useT();
  return (
    <Link href={here ? "/" : "/t"} className="btn btn-small" aria-current={here ? "page" : undefined}>
      <Icon name="hourglass" size={16} />
      {here ? t.temporary.leave : t.temporary.title}
    </Link>
  );
}

/** A scenario the team has stopped for a while: nothing is sent into it, and what is typed stays. */
export function Paused({ name }: { name: string }) {
  const t = useT();
  const sentence = t.home.paused(name);
  useTold("paused", sentence);
  return (
    <p className="notice">
      <Icon name="pause" size={18} />
      <span>{sentence}</span>
      <Link href="/" className="link-btn">
        {t.home.back}
      </Link>
    </p>
  );
}

export function Below({
  scenario,
  catalog,
  signedIn,
  offer,
}: {
  scenario: Scenario | undefined;
  catalog: Catalog | undefined;
  signedIn: boolean;
  offer: (text: string) => void;
}) {
  const t = useT();
  const locale = useLocale();
  const chosen = scenario?.slug;
  useEffect(() => {
    if (chosen) reporter.tellOnce({ kind: "scenario_chosen", scenario: chosen });
  }, [chosen]);
  if (!catalog) return <div className="below" aria-hidden="true" />;
  if (!scenario) {
    return (
      <section className="below" aria-label={t.nav.scenarios}>
        <h2>{t.home.scenarios}</h2>
        <ul className="cards">
          {catalog.scenarios.map((it) => (
            <ScenarioCard key={it.slug} scenario={it} />
          ))}
        </ul>
        {signedIn && <LastTime />}
      </section>
    );
  }
  return (
    <section className="below" aria-label={t.home.starters}>
      <h2>{t.home.starters}</h2>
      <ul className="starters">
        {scenario.starters.map((starter) => {
          const text = inLocale(starter, locale);
          return (
            <li key={starter.zh}>
              <button type="button" onClick={() => offer(text)}>
                <Starter text={text} />
              </button>
            </li>
          );
        })}
      </ul>
      <nav className="places" aria-label={t.nav.scenarios}>
        {catalog.scenarios
          .filter((it) => it.slug !== scenario.slug)
          .map((it) => (
            <Link key={it.slug} href={`/s/${it.slug}`}>
              <ScenarioIcon slug={it.slug} icon={it.icon} size={16} />
              {inLocale(it.name, locale)}
            </Link>
          ))}
      </nav>
    </section>
  );
}

function Starter({ text }: { text: string }) {
  // Split at the blanks: every second part is one, without its brackets.
  const parts = text.split(/〔([^〕]*)〕/);
  return (
    <span>
      {parts.map((part, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
        index % 2 ? <mark key={index}>{part}</mark> : part,
      )}
    </span>
  );
}
