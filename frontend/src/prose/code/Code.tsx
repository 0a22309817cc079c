import { type ReactNode, useState } from "react";
import { useIsCodeFenceIncomplete } from "streamdown";
import { useT } from "../../i18n";
import { CopyButton } from "../../ui/CopyButton";
import { IconButton } from "../../ui/IconButton";
import { textOf } from "../textOf";
import { Coloured } from "./Coloured";
import { useColours } from "./useColours";

export function Code({ className, children }: { className?: string; children?: ReactNode }) {
  const t = useT();
  const [wraps, setWraps] = useState(false);
  const language = /language-([^\s]+)/.exec(className ?? "")?.[1] ?? "";
  const code = textOf(children).replace(/\n$/, "");
  const coloured = useColours(code, language, useIsCodeFenceIncomplete());
  return (
    <div className="code" data-wrap={wraps || undefined} translate="no">
      <header>
        <span>{language || "text"}</span>
        <IconButton
          name="wrap"
          size={16}
          label={t.prose.wrap}
          aria-pressed={wraps}
          onClick={() => setWraps((now) => !now)}
        />
        <CopyButton label={t.prose.copyCode} size={16} text={() => code} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      {/* biome-ignore lint/a11y/useSemanticElements: a <section> inside would not be the element that scrolls */}
      <pre tabIndex={0} role="region" aria-label={t.prose.code(language || "text")}>
        <code>
          {coloured && <Coloured lines={coloured.lines} />}
          {coloured ? code.slice(coloured.code.length) : code}
        </code>
      </pre>
    </div>
  );
}
