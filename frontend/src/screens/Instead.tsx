import type { Model } from "../api/shapes";
import { inLocale, useLocale, useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";

/** Who waits in line for a model, or was let down by it, may ask one of the others, by what it is good for. */
export function Instead({
  others,
  onChoose,
}: {
  others: readonly Model[];
  onChoose: (model: Model) => void;
}) {
  const t = useT();
  const locale = useLocale();
  if (others.length === 0) return null;
  return (
    <Menu
      className="btn btn-small"
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
