import { useRef } from "react";
import { Link } from "wouter";
import type { Scenario } from "../api/shapes";
import { inLocale, useLocale, useT } from "../i18n";
import { reporter } from "../report";
import { ScenarioIcon } from "../ui/Icon";
import { useSeen } from "./useSeen";

export function ScenarioCard({ scenario }: { scenario: Scenario }) {
  const t = useT();
  const locale = useLocale();
  const item = useRef<HTMLLIElement>(null);
  const { slug, icon, name, tagline } = scenario;
  useSeen(item, () => reporter.tellOnce({ kind: "scenario_seen", scenario: slug }));
  return (
    <li ref={item} className="card-item">
      <Link href={`/s/${slug}`} className="card">
        <ScenarioIcon slug={slug} icon={icon} />
        <strong>{inLocale(name, locale)}</strong>
        <span>{scenario.is_paused ? t.home.pausedShort : inLocale(tagline, locale)}</span>
      </Link>
    </li>
  );
}
