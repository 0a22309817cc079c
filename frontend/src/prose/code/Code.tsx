import type { ReactNode } from "react";
import { Diagram } from "../diagram/Diagram";
import { textOf } from "../textOf";
import { CodeBlock } from "./CodeBlock";

/** A fence of the answer: code, or a diagram written as code. */
export function Code({ className, children }: { className?: string; children?: ReactNode }) {
  const language = /language-([^\s]+)/.exec(className ?? "")?.[1] ?? "";
  const code = textOf(children).replace(/\n$/, "");
  return language === "mermaid" ? <Diagram code={code} /> : <CodeBlock language={language} code={code} />;
}
