import { useState } from "react";
import type { Catalog, Model } from "../api/shapes";
import { inLocale, useLocale, useT } from "../i18n";
import { modelFor } from "../models";
import { keepModel, keepThinking, modelChoice, thinkingChoice } from "../prefs";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";

export interface Choices {
  thinking: boolean;
  canThink: boolean;
  models: readonly Model[];
  chosen: Model | undefined;
  /** Who will answer: the chosen one, or where the routes lead; unknown where they lead nowhere. */
  model: Model | undefined;
  setThinking: (on: boolean) => void;
  /** Empty: as the scenario decides. */
  setModel: (slug: string) => void;
  /** What goes into the frame. */
  frame: { model?: string; thinking: boolean };
}

/** The switch is remembered per scenario; until it is touched the scenario decides. */
export function useChoices(scenario: string, byDefault: boolean, catalog: Catalog | undefined): Choices {
  const [, redraw] = useState(0);
  const [slug, setSlug] = useState(modelChoice);
  const { chosen, model } = modelFor(catalog, scenario, slug);
  const canThink = model?.thinks ?? true;
  const thinking = canThink && (thinkingChoice(scenario) ?? byDefault);
  return {
    thinking,
    canThink,
    models: catalog?.models ?? [],
    chosen,
    model,
    setThinking: (on) => {
      keepThinking(scenario, on);
      redraw((count) => count + 1);
    },
    setModel: (next) => {
      keepModel(next);
      setSlug(next);
    },
    // Without a choice of their own the server's routes decide which model answers.
    frame: chosen ? { model: chosen.slug, thinking } : { thinking },
  };
}

export function Chips({ choices }: { choices: Choices }) {
  const t = useT();
  const locale = useLocale();
  const { thinking, canThink, models, chosen, model } = choices;
  const name = model ? inLocale(model.name, locale) : t.composer.modelAuto;
  return (
    <>
      <button
        type="button"
        className="chip"
        aria-pressed={thinking}
        aria-disabled={!canThink}
        title={canThink ? undefined : t.composer.thinkingUnavailable}
        onClick={() => canThink && choices.setThinking(!thinking)}
      >
        <Icon name="think" size={16} />
        <span>{t.composer.thinking}</span>
      </button>
      {models.length > 1 && (
        <Menu
          className="chip"
          label={t.composer.model(name)}
          items={[
            {
              label: t.composer.modelAuto,
              hint: t.composer.modelAutoHint,
              checked: !chosen,
              onSelect: () => choices.setModel(""),
            },
            ...models.map((it) => ({
              label: inLocale(it.name, locale),
              hint: inLocale(it.purpose, locale),
              checked: it === chosen,
              onSelect: () => choices.setModel(it.slug),
            })),
          ]}
        >
          <span className="max-w-32">{name}</span>
          <Icon name="chevron" size={16} />
        </Menu>
      )}
    </>
  );
}
