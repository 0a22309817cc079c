import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { Prose } from "../src/prose/Prose";
import { richText } from "../src/prose/rich";

const rich = (text: string): string => {
  const page = document.createElement("div");
  flushSync(() => createRoot(page).render(<Prose text={text} live={false} />));
  return richText(page);
};

test("formatting stays, the page's own classes and attributes do not", () => {
  expect(rich("**粗** 与 [链接](https://a.example/b?c=1&d)")).toBe(
    '<p><strong>粗</strong> 与 <a href="https://a.example/b?c=1&amp;d">链接</a></p>',
  );
});

test("code is copied without its buttons and its language", () => {
  expect(rich("```html\n<b>&</b>\n```")).toBe("<pre><code>&lt;b&gt;&amp;&lt;/b&gt;</code></pre>");
});

test("a formula is its LaTeX", () => {
  expect(rich("设 $x<1$。")).toBe("<p>设 $x&lt;1$。</p>");
});

test("what an answer claims to be HTML is text here too", () => {
  expect(rich("<img src=x onerror=alert(1)>[x](javascript:alert(1))")).not.toMatch(/<(?!\/?p>)/);
});

test("a diagram shown as a picture is copied as its source", () => {
  expect(rich("```mermaid\nflowchart LR\n A-->B\n```")).toBe(
    "<pre><code>flowchart LR\n A--&gt;B</code></pre>",
  );
});
