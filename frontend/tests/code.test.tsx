import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { expect, test } from "vitest";
import { Coloured } from "../src/prose/code/Coloured";
import { wantsColours } from "../src/prose/code/colours";
import { languageNamed } from "../src/prose/code/languages";
import { joined } from "../src/prose/code/tokens";

const token = (content: string, kind: string) => ({ content, color: `var(--shiki-${kind})` });

test("neighbours of one kind are one token, and spaces go with what is before them", () => {
  const line = joined([
    token("def", "token-keyword"),
    token(" ", "foreground"),
    token("ask", "token-function"),
    token("(", "foreground"),
    token(")", "foreground"),
  ]);
  expect(line).toEqual([
    ["def ", "keyword"],
    ["ask", "function"],
    ["()", ""],
  ]);
});

test("coloured code is the same text, to the byte", () => {
  const page = document.createElement("pre");
  const lines = [[["<b>", "string"]], [], [["\tx", ""]]] as const;
  flushSync(() => createRoot(page).render(<Coloured lines={lines} />));
  expect(page.textContent).toBe("<b>\n\n\tx");
  expect(page.querySelector("b")).toBeNull();
});

test("a language goes by the names people give it", () => {
  expect(languageNamed("Py")).toBe("python");
  expect(languageNamed("C++")).toBe("cpp");
  expect(languageNamed("constructor")).toBeNull();
});

test("two thousand lines are the most that get colours", () => {
  expect(wantsColours("x\n".repeat(1999), "python")).toBe(true);
  expect(wantsColours("x\n".repeat(2000), "python")).toBe(false);
  expect(wantsColours("x", "klingon")).toBe(false);
});

test("the real engine colours without WebAssembly", async () => {
  const told = new Promise((resolve) => {
    globalThis.postMessage = (message: unknown) => resolve(message);
  });
  await import("../src/prose/code/worker");
  dispatchEvent(new MessageEvent("message", { data: { id: 7, code: "x = 1  # 数", language: "py" } }));
  expect(await told).toMatchObject({ id: 7, lines: [expect.arrayContaining([["# 数", "comment"]])] });
});
