import type { RefObject } from "react";
import { useT } from "../i18n";
import { Asking } from "./Asking";

/** Why a filter was wrong about an answer. */
export default function AppealForm({
  anchor,
  onSubmit,
  onClose,
}: {
  anchor: RefObject<HTMLElement | null>;
  onSubmit: (comment: string) => Promise<boolean>;
  onClose: () => void;
}) {
  const t = useT();
  return (
    <Asking words={t.appeal} wordless anchor={anchor} onSubmit={onSubmit} onClose={onClose}>
      <p className="asking-note">{t.appeal.who}</p>
    </Asking>
  );
}
