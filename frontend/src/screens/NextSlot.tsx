import { useT } from "../i18n";
import { IconButton } from "../ui/IconButton";

/** What was said while an answer was still being written, in sight until it is sent (next.ts). */
export function NextSlot({ text, onCancel }: { text: string; onCancel: () => void }) {
  const t = useT();
  return (
    <div className="next-slot">
      <b>{t.composer.next}</b>
      <span>{text}</span>
      <IconButton name="close" size={16} label={t.composer.nextCancel} onClick={onCancel} />
    </div>
  );
}
