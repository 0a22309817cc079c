import { useEffect } from "react";
import { createCell, useCell } from "../cell";
import { useT } from "../i18n";

/** An answer came to its end while nobody looked at this tab. */
const unseen = createCell(false);

export function markUnseen(): void {
  if (!document.hidden) return;
  unseen.set(true);
  document.addEventListener("visibilitychange", () => unseen.set(false), { once: true });
}

export function useTitle(title: string): void {
  const { brand } = useT();
  const done = useCell(unseen);
  useEffect(() => {
    const name = title ? `${title} · ${brand}` : brand;
    document.title = done ? `✓ ${name}` : name;
  }, [title, brand, done]);
}
