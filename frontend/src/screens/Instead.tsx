import { useQuery } from "@tanstack/react-query";
import { catalogQuery } from "../api/queries";
import type { Model } from "../api/shapes";
import { inLocale, useLocale, useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";

/**
 * Who waits in line for a model may ask another one, by what it is good for. Which one answers is told when it begins:
 * until then it is the one that was chosen, or the first.
 */
export function Instead({
  chosen,
  onChoose,
}: {
  chosen: string | undefined;
  onChoose: (model: Model) => void;
}) {
  const t = useT();
  const locale = useLocale();
  const models = useQuery(catalogQuery).data?.models ?? [];
  const others = models.filter((it) => it.slug !== (chosen ?? models[0]?.slug));
  if (others.length === 0) return null;
  return (
    <Menu
      className="btn btn-small mt-3"
      label={t.actions.instead}
      items={others.map((it) => ({
        label: inLocale(it.name, locale),
        hint: inLocale(it.purpose, locale),
        onSelect: () => onChoose(it),
      }))}
    >
      {t.actions.instead}
      <Icon name="chevron" size={16} />
    </Menu>
  );
}
