import { useT } from "../i18n";

export function SkipLink() {
  const t = useT();
  return (
    <a className="btn skip" href="#composer">
      {t.nav.skipToInput}
    </a>
  );
}
