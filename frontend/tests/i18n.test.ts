import { describe, expect, test } from "vitest";
import { errorSentence, LOCALES } from "../src/i18n";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";
import { CODES, FAULTS } from "../src/wire";

type Tree = { readonly [key: string]: unknown };
const sentences = (tree: Tree): string[] =>
  Object.values(tree).flatMap((it) => {
    if (typeof it === "string") return [it];
    if (typeof it === "function") return [String(it(3, 9))];
    return typeof it === "object" && it !== null ? sentences({ ...it }) : [];
  });
const plain = ({ errors: _, ...rest }: typeof zh | typeof en): Tree => rest;

describe.each(LOCALES)("in %s", (locale) => {
  test.each(CODES)("%s has a whole sentence", (code) => {
    const sentence = errorSentence(
      { code, retryAfterS: 7.2, params: { ref: "9f3c", resets_at: "2026-11-30T16:00:00Z" } },
      locale,
    );
    expect(sentence.length).toBeGreaterThan(8);
    expect(sentence).not.toMatch(/undefined|NaN|\{|!|！/);
  });
  test("every way an answer can fail has a sentence", () => {
    const { faults } = locale === "zh" ? zh : en;
    for (const fault of FAULTS) expect(faults[fault].length).toBeGreaterThan(8);
  });
});

test("seconds are whole and never too few", () => {
  expect(errorSentence({ code: "rate_limited", retryAfterS: 7.2 }, "en")).toContain("8 s");
});

test.each([
  ["2026-11-30T07:00:30Z", "，还有 9 小时。", ", in 9 hours."],
  ["2026-11-30T15:59:30Z", "，还有 1 分钟。", ", in 1 minute."],
  ["2026-11-27T16:00:00Z", "，还有 3 天。", ", in 3 days."],
  ["2026-11-30T16:00:01Z", "恢复。", "M. Your"],
])("at %s an allowance says how long it takes until it is there again", (now, chinese, english) => {
  const refusal = { code: "quota_exceeded", params: { resets_at: "2026-11-30T16:00:00Z" } } as const;
  expect(errorSentence(refusal, "zh", Date.parse(now))).toContain(chinese);
  expect(errorSentence(refusal, "en", Date.parse(now))).toContain(english);
});

test("the number of a fault is shown, so that it can be told to somebody", () => {
  expect(errorSentence({ code: "internal", params: { ref: "9f3c2a7e" } }, "zh")).toContain("编号 9f3c2a7e");
});

test("English has no Han characters, Chinese no half-width commas after Han", () => {
  for (const sentence of sentences(plain(en))) expect(sentence).not.toMatch(/\p{Script=Han}/u);
  for (const sentence of sentences(plain(zh))) expect(sentence).not.toMatch(/\p{Script=Han}[,;?!]/u);
});

test("both languages say the same things", () => {
  expect(sentences(plain(en))).toHaveLength(sentences(plain(zh)).length);
});
