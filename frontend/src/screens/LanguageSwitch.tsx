import { saveMe } from "../api/queries";
import { useCell } from "../cell";
import { type Locale, useLocale, useT } from "../i18n";
import { session } from "../live";
import { setLocale } from "../prefs";
import { Segments } from "../ui/Segments";

/** Each language is named in itself: who cannot read this page must still find the way out. */
const NAMES = [
  { value: "zh", label: "中文" },
  { value: "en", label: "English" },
] as const;

export function LanguageSwitch() {
  const t = useT();
  const now = useCell(session);
  const choose = (next: Locale): void => {
    setLocale(next);
    // The account follows; if it cannot be told, this browser still remembers.
    if (now.type === "in") saveMe({ locale: next }).catch(() => undefined);
  };
  return <Segments legend={t.settings.language} options={NAMES} value={useLocale()} onChange={choose} />;
}
