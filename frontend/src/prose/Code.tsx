import { isValidElement, type ReactNode, useState } from "react";
import { useT } from "../i18n";
import { CopyButton } from "../ui/CopyButton";
import { IconButton } from "../ui/IconButton";

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : "";
}

export function Code({ className, children }: { className?: string; children?: ReactNode }) {
  const t = useT();
  const [wraps, setWraps] = useState(false);
  const language = /language-([^\s]+)/.exec(className ?? "")?.[1] ?? "";
  const code = textOf(children).replace(/\n$/, "");
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
        <code>{code}</code>
      </pre>
    </div>
  );
}
