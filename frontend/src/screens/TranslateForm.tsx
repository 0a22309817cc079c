import { useCell } from "../cell";
import { useLocale, useT } from "../i18n";
import { LANGUAGES, type Language, languageName, pair, setPair, swapped } from "../translate";
import { IconButton } from "../ui/IconButton";

export function TranslateForm() {
  const t = useT();
  const chosen = useCell(pair);
  return (
    <fieldset className="pair" aria-label={t.translate.form}>
      <LanguageSelect
        label={t.translate.from}
        auto={t.translate.auto}
        value={chosen.from}
        onChange={(from) => setPair({ ...chosen, from })}
      />
      <IconButton name="swap" label={t.translate.swap} onClick={() => setPair(swapped(chosen))} />
      <LanguageSelect
        label={t.translate.to}
        auto={t.translate.autoTo}
        value={chosen.to}
        onChange={(to) => setPair({ ...chosen, to })}
      />
    </fieldset>
  );
}

function LanguageSelect({
  label,
  auto,
  value,
  onChange,
}: {
  label: string;
  auto: string;
  value: Language | null;
  onChange: (language: Language | null) => void;
}) {
  const locale = useLocale();
  return (
    <select
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(LANGUAGES.find((it) => it === event.target.value) ?? null)}
    >
      <option value="">{auto}</option>
      {LANGUAGES.map((it) => (
        <option key={it} value={it}>
          {languageName(it, locale)}
        </option>
      ))}
    </select>
  );
}
