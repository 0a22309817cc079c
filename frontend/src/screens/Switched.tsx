import { useQuery } from "@tanstack/react-query";
import { catalogQuery } from "../api/queries";
import { inLocale, useLocale, useT } from "../i18n";

/** A hairline before the first turn that another model answered. */
export function Switched({ model }: { model: string }) {
  const t = useT();
  const locale = useLocale();
  const known = useQuery(catalogQuery).data?.models.find((it) => it.slug === model);
  return <p className="switched">{t.thread.switched(known ? inLocale(known.name, locale) : model)}</p>;
}
