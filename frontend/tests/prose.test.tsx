import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { Prose } from "../src/prose/Prose";

const html = (text: string): HTMLElement => {
  const page = document.createElement("div");
  flushSync(() => createRoot(page).render(<Prose text={text} live={false} />));
  return page;
};

test("bold beside full-width punctuation is bold, in a real element", () => {
  expect(html("**注意：**请看").querySelector("strong")?.textContent).toBe("注意：");
});

test.each([
  ["*更正式*", "dotted"],
  ["*演示回答：内容是事先写好的，没有针对你的题目。*", "passage"],
  ["*短一半 half*", "passage"],
  ["*merge*", ""],
])("the emphasis of %s is for its script: “%s”", (text, hand) => {
  expect(html(text).querySelector("em")?.className).toBe(hand);
});

test("an address ends before the Chinese full stop", () => {
  const link = html("见 https://a.example/b。好").querySelector("a");
  expect(link?.getAttribute("href")).toBe("https://a.example/b");
  expect(link?.getAttribute("rel")).toContain("noopener");
});

test("an image is never fetched", () => {
  const page = html("![地图](https://evil.test/p.png)");
  expect(page.querySelector("img, link, picture, source")).toBeNull();
  expect(page.textContent).toContain("evil.test");
});

test.each([
  "<b>粗</b>",
  "<img src=x onerror=alert(1)>",
  "<iframe src=https://evil.test></iframe>",
  "<script>alert(1)</script>之后",
  "<svg onload=alert(1)></svg>",
  "前 <b>粗</b> 后",
  "<!-- 注释 -->",
  "- <u>项</u>",
])("raw HTML is shown as text: %s", (text) => {
  const page = html(text);
  expect(page.querySelector("b, u, img, iframe, script, svg")).toBeNull();
  expect(page.textContent?.replace(/\s/g, "")).toContain(text.replace(/^- /, "").replace(/\s/g, ""));
});

test.each(["javascript:alert(1)", "data:text/html,x", "vbscript:x"])("a link to %s leads nowhere", (href) => {
  const page = html(`[点我](${href})`);
  expect(page.querySelector("a[href]")).toBeNull();
  expect(page.textContent).toContain("点我");
});

test("headings begin below those of the page", () => {
  const names = [...html("# 一\n\n## 二\n\n###### 六").querySelectorAll("h1,h2,h3,h4,h5,h6")].map(
    (it) => it.tagName,
  );
  expect(names).toEqual(["H3", "H4", "H6"]);
});

test("an answer that begins with a lesser heading skips no level", () => {
  const names = [...html("## 二\n\n### 三\n\n# 一").querySelectorAll("h1,h2,h3,h4,h5,h6")].map(
    (it) => it.tagName,
  );
  expect(names).toEqual(["H3", "H4", "H3"]);
});

test("code is its own text, to the byte", () => {
  const page = html('```python\nif x < 1:\n\tprint("<b>")\n```');
  expect(page.querySelector("pre")?.textContent).toBe('if x < 1:\n\tprint("<b>")');
  expect(page.querySelector("pre")?.getAttribute("aria-label")).toBe("代码 python");
});

test("a table has headers for its columns", () => {
  const page = html("| 甲 | 乙 |\n|---|--:|\n| 1 | 2 |");
  expect(page.querySelectorAll("th[scope=col]")).toHaveLength(2);
  expect(page.querySelectorAll("td")).toHaveLength(2);
});
