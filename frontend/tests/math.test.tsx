import { act } from "react";
import { createRoot } from "react-dom/client";
import { expect, test, vi } from "vitest";
import { dollars } from "../src/prose/math/delimiters";
import { draw } from "../src/prose/math/katex";
import { Prose } from "../src/prose/Prose";

const written = (text: string): string => dollars(text, { live: false });

test.each([
  ["质能方程 $E=mc^2$。", "质能方程 $$E=mc^2$$。"],
  ["于是 \\(a+b\\) 等于", "于是 $$a+b$$ 等于"],
  ["\\[\nx^2\n\\]", "$$\nx^2\n$$"],
  ["$$x^2$$", "$$\nx^2\n$$"],
  ["1. 公式\n   \\[x\\]\n2. 完", "1. 公式\n   $$\n   x\n   $$\n2. 完"],
  ["- \\[x\\]", "- $$\n  x\n  $$"],
  ["> $$x$$", "> $$\n> x\n> $$"],
  ["其中 $$x$$ 是", "其中 $$x$$ 是"],
])("one way to mark a formula: %s", (text, expected) => {
  expect(written(text)).toBe(expected);
});

test.each([
  "从 $5 到 $10 不等",
  "$5，$6，$7",
  "$5元和x$",
  "只要 \\$3 和 \\$4",
  "`$a$` 和 ``\\(b\\)``",
  "```sh\necho $HOME $PATH\n```",
  "- 项\n  ~~~\n  $a$\n  ~~~\n",
  "还没写完 \\(a",
  "空 $$ 和 $ $",
])("money, code and loose signs stay: %s", (text) => {
  expect(written(text)).toBe(text);
});

test("a block that is being written is one from its first sign on", () => {
  expect(dollars("好：\n\\[\n\\frac{a}{", { live: true })).toBe("好：\n$$\n\\frac{a}{");
  expect(dollars("好：\n\\[\n\\frac{a}{", { live: false })).toBe("好：\n\\[\n\\frac{a}{");
});

test("hostile text is read in linear time", () => {
  const began = performance.now();
  for (const piece of ["$$a ", "\\[", "$a", "`` ` ", "\\(x", "```\n"]) written(piece.repeat(8000));
  expect(performance.now() - began).toBeLessThan(2000);
});

test("what would need trust is not drawn, and nothing carries a style attribute that was parsed", () => {
  for (const tex of ["\\href{javascript:alert(1)}{x}", "\\includegraphics{https://evil.test/a.png}"])
    expect(draw(tex, false)).toBeNull();
  expect(draw("\\htmlClass{evil}{x}", true)).toBeNull();
  expect(draw("\\frac{a}{", false)).toBeNull();
  const box = document.createElement("div");
  box.append(draw("\\pmb{x} + \\fcolorbox{red}{blue}{y}", true) ?? "");
  expect(box.querySelector("math")).not.toBeNull();
  expect(box.querySelector("math [style]")).toBeNull();
});

test("a formula is drawn with its MathML, and what cannot be drawn keeps its source", async () => {
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
  const page = document.createElement("div");
  await act(async () =>
    createRoot(page).render(<Prose live={false} text={"设 $x^2$，又 $\\no{x}$\n\n\\[\ny\n\\]"} />),
  );
  await vi.waitFor(() => expect(page.querySelectorAll("math")).toHaveLength(2));
  expect(page.querySelector(".formula.is-block")?.getAttribute("data-tex")).toBe("$$\ny\n$$");
  expect(page.textContent).toContain("\\no{x}");
  vi.unstubAllGlobals();
});
