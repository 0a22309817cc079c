import { type ReactNode, useRef } from "react";
import { useT } from "../i18n";
import { CopyButton } from "../ui/CopyButton";

/** Tab-separated: what a spreadsheet takes from the clipboard as cells. */
const cells = (table: HTMLTableElement | null): string =>
  [...(table?.rows ?? [])]
    .map((row) =>
      [...row.cells].map((cell) => (cell.textContent ?? "").replace(/\s+/g, " ").trim()).join("\t"),
    )
    .join("\n");

export function Table({ children }: { children: ReactNode }) {
  const t = useT();
  const ref = useRef<HTMLTableElement>(null);
  return (
    <div className="md-table">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a region per table would crowd the page's landmarks */}
      <div className="table-scroll" role="group" tabIndex={0} aria-label={t.prose.table}>
        <table ref={ref}>{children}</table>
      </div>
      <CopyButton label={t.prose.copyTable} size={16} text={() => cells(ref.current)} />
    </div>
  );
}
