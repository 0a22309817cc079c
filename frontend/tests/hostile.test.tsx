import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { beforeAll, expect, test, vi } from "vitest";
import { Prose } from "../src/prose/Prose";
import { richText } from "../src/prose/rich";
import { dangers, hostile } from "./hostile";

function drawn(text: string): HTMLElement {
  const page = document.createElement("div");
  flushSync(() => createRoot(page).render(<Prose text={text} live={false} />));
  return page;
}

const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, "");

beforeAll(async () => {
  // From here on formulas are drawn at once.
  const page = drawn("$x$");
  await vi.waitFor(() => expect(page.querySelector("math")).not.toBeNull());
});

test("there are enough of them, each once", () => {
  expect(hostile.length).toBeGreaterThan(300);
  expect(new Set(hostile.map(({ text }) => text)).size).toBe(hostile.length);
});

test.each(hostile.map((it, at) => [at, it.group, it] as const))(
  "%i %s is only text",
  (_, group, { text, keep }) => {
    const page = drawn(text);
    expect(dangers(page)).toEqual([]);
    for (const words of keep) expect(page.textContent).toContain(words);
    if (/^html(-inline)?$/.test(group) && !/[&\0]/.test(text))
      expect(letters(page.textContent ?? "")).toContain(letters(text));
    const copy = new DOMParser().parseFromString(richText(page), "text/html").body;
    expect(dangers(copy).filter((it) => it !== "a without rel")).toEqual([]);
  },
);
