import { expect, test } from "vitest";
import { asAsked, setPair, swapped } from "../src/translate";

test("what was chosen is said before the words, in the reader's language", () => {
  expect(asAsked("你好", { from: null, to: "en" }, "zh")).toBe("译成英语：\n\n你好");
  expect(asAsked("Hello", { from: "en", to: "ja" }, "zh")).toBe("从英语译成日语：\n\nHello");
});

test("without a language to translate into the words go as they are", () => {
  expect(asAsked("你好", { from: "zh", to: null }, "zh")).toBe("你好");
});

test("swapping twice changes nothing", () => {
  const there = { from: "zh", to: "en" } as const;
  expect(swapped(there)).toEqual({ from: "en", to: "zh" });
  expect(swapped(swapped(there))).toEqual(there);
});

test("the choice is kept by this browser", () => {
  setPair({ from: null, to: "ko" });
  expect(localStorage.getItem("ui.translate")).toBe(">ko");
});
