import { type ReactNode, useState } from "react";
import { useIsCodeFenceIncomplete } from "streamdown";
import { useT } from "../../i18n";
import { CopyButton } from "../../ui/CopyButton";
import { IconButton } from "../../ui/IconButton";
import { Coloured } from "./Coloured";
import { useColours } from "./useColours";

export function CodeBlock({
  language,
  code,
  tools,
  instead,
  note,
}: {
  language: string;
  code: string;
  tools?: ReactNode;
  /** What is shown in place of the source. */
  instead?: ReactNode;
  note?: string;
}) {
  const t = useT();
  const [wraps, setWraps] = useState(false);
  const coloured = useColours(code, language, useIsCodeFenceIncomplete());
  return (
    <div className="code" data-wrap={wraps || undefined} translate="no">
      <header>
        <span>{language || "text"}</span>
        {tools}
        {!instead && (
          <IconButton
            name="wrap"
            size={16}
            label={t.prose.wrap}
            aria-pressed={wraps}
            onClick={() => setWraps((now) => !now)}
          />
        )}
        <CopyButton of="code" label={t.prose.copyCode} size={16} text={() => code} />
      </header>
      {note && <p className="code-note">{note}</p>}
      {instead || (
        // biome-ignore lint/a11y/useSemanticElements: a <section> inside would not be the element that scrolls
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <pre tabIndex={0} role="region" aria-label={t.prose.code(language || "text")}>
          <code>
            {coloured && <Coloured lines={coloured.lines} />}
            {coloured ? code.slice(coloured.code.length) : code}
          </code>
        </pre>
      )}
    </div>
  );
}
