import { useEffect, useState } from "react";
import { announcer } from "../announce";
import { useT } from "../i18n";
import { copyText } from "./copy";
import { IconButton } from "./IconButton";

const SHOWN_MS = 2000;

export function CopyButton({ label, text, size }: { label: string; text: () => string; size?: number }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    const done = await copyText(text());
    setCopied(done);
    announcer.say("copy", done ? t.actions.copied : t.actions.copyFailed);
  };
  return (
    <IconButton
      className="tool"
      name={copied ? "check" : "copy"}
      label={label}
      size={size ?? 18}
      onClick={copy}
    />
  );
}
