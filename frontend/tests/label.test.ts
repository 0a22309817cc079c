import { afterEach, describe, expect, test } from "vitest";
import { labelledHtml, labelledText } from "../src/label";

const LABEL = "（以上内容由 AI 生成）";
const policy = (places: string | undefined): void => {
  if (places === undefined) delete document.documentElement.dataset.label;
  else document.documentElement.dataset.label = places;
};
afterEach(() => policy(undefined));

describe.each([["ui copy export"], ["copy"], [undefined]])("where the operator says %s", (places) => {
  test("a copied answer ends with its label, as Markdown and as formatted text", () => {
    policy(places);
    expect(labelledText("**好**", LABEL)).toBe(`**好**\n\n${LABEL}`);
    expect(labelledHtml("<p>好</p>", LABEL)).toBe(`<p>好</p><p>${LABEL}</p>`);
  });
});

test.each([[""], ["ui export"]])("where the operator says '%s' a copy is only the answer", (places) => {
  policy(places);
  expect(labelledText("**好**", LABEL)).toBe("**好**");
  expect(labelledHtml("<p>好</p>", LABEL)).toBe("<p>好</p>");
});

test("a label cannot become an element", () => {
  expect(labelledHtml("", "<b>")).toBe("<p>&lt;b&gt;</p>");
});
