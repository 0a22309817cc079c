import { useEffect, useState } from "react";
import { announcer } from "../announce";
import { useT } from "../i18n";
import { copyText } from "./copy";
import { IconButton } from "./IconButton";

const SHOWN_MS = 2000;

export function CopyButton({
  label,
  text,
  rich,
  size,
  of,
  onCopied,
}: {
  label: string;
  text: () => string;
  /** The same as HTML, already clean. */
  rich?: () => string;
  size?: number;
  /** What is copied, for the keys that press this button. */
  of?: "answer" | "code";
  onCopied?: () => void;
}) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    const done = await copyText(text(), rich?.());
    setCopied(done);
    if (done) onCopied?.();
    announcer.say("copy", done ? t.actions.copied : t.actions.copyFailed);
  };
  return (
    <IconButton
      className="tool"
      data-key={of && `copy-${of}`}
      name={copied ? "check" : "copy"}
      label={label}
      size={size ?? 18}
      onClick={copy}
    />
  );
}
