/**
 * Where the operator wants answers marked as written by AI (AI_LABEL in docs/operations.md), as the server painted it.
 * What is on the screen and on paper follows by style (style/label.css); copies by these.
 */
import { escaped } from "./prose/rich";

const isForCopies = (): boolean =>
  document.documentElement.dataset.label?.split(" ").includes("copy") ?? true;

export const labelledText = (markdown: string, label: string): string =>
  isForCopies() ? `${markdown}\n\n${label}` : markdown;

export const labelledHtml = (html: string, label: string): string =>
  isForCopies() ? `${html}<p>${escaped(label)}</p>` : html;
