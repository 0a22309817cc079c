import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { safeUrl } from "./links";
import { SafeLink } from "./SafeLink";

/** An image in an answer is never fetched: its address alone could carry the conversation to a stranger. */
export function ImageChip({ src, alt }: { src: string; alt: string }) {
  const t = useT();
  const url = safeUrl(src);
  return (
    <span className="no-image">
      <Icon name="image" size={16} />
      <span>
        {t.prose.image(url?.host ?? "")}
        {alt && ` · ${alt}`}
      </span>
      {url && <SafeLink href={url.href}>{t.prose.openImage}</SafeLink>}
    </span>
  );
}
