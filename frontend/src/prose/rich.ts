/** An answer as formatted text for the clipboard, built from what is on the screen: only these elements, no attributes but safe links. */
import { safeUrl } from "./links";

const KEPT = new Set(
  "P H3 H4 H5 H6 UL OL LI BLOCKQUOTE HR BR STRONG EM DEL SUP SUB CODE PRE TABLE THEAD TBODY TR TH TD A".split(
    " ",
  ),
);
const EMPTY = new Set(["HR", "BR"]);
const CHROME = "button, header, svg, img, .code-note";

export const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[sign] ?? "&quot;");

function written(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.textContent ?? "");
  if (!(node instanceof HTMLElement)) return node instanceof DocumentFragment ? inside(node) : "";
  const { tex, source } = node.dataset;
  if (tex !== undefined) return node.tagName === "DIV" ? `<p>${escaped(tex)}</p>` : escaped(tex);
  if (source !== undefined) return `<pre><code>${escaped(source)}</code></pre>`;
  if (node.matches(CHROME)) return "";
  if (!KEPT.has(node.tagName)) return inside(node);
  const tag = node.tagName.toLowerCase();
  if (EMPTY.has(node.tagName)) return `<${tag}>`;
  const url = node instanceof HTMLAnchorElement ? safeUrl(node.getAttribute("href") ?? "") : null;
  return `<${tag}${url ? ` href="${escaped(url.href)}"` : ""}>${inside(node)}</${tag}>`;
}
const inside = (node: Node): string => [...node.childNodes].map(written).join("");

export const richText = (root: Node): string => written(root);

/** Copying a selection gives formulas as LaTeX. Half a formula cannot be written down: the whole is taken. */
export function copySelection(event: { clipboardData: DataTransfer; preventDefault(): void }): void {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed) return;
  const range = selection.getRangeAt(0).cloneRange();
  const first = formulaOf(range.startContainer);
  const last = formulaOf(range.endContainer);
  if (first) range.setStartBefore(first);
  if (last) range.setEndAfter(last);
  const fragment = range.cloneContents();
  const formulas = fragment.querySelectorAll<HTMLElement>("[data-tex]");
  if (formulas.length === 0) return;
  const html = richText(fragment);
  for (const it of formulas) it.textContent = it.dataset.tex ?? "";
  // Only a laid-out element knows where its lines end.
  const host = document.createElement("div");
  host.className = "copy-host";
  host.append(fragment);
  document.body.append(host);
  event.clipboardData.setData("text/plain", host.innerText);
  event.clipboardData.setData("text/html", html);
  host.remove();
  event.preventDefault();
}

const formulaOf = (node: Node): Element | null =>
  (node instanceof Element ? node : node.parentElement)?.closest("[data-tex]") ?? null;
