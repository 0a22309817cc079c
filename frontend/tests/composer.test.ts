import { describe, expect, test } from "vitest";
import { blankOf, composerButton, entersSend, joined } from "../src/composer";
import { composing } from "../src/ime";
import { TEXT_LIMIT } from "../src/wire";

const button = (over: Partial<Parameters<typeof composerButton>[0]> = {}) =>
  composerButton({ signedIn: true, text: "你好", phase: null, ...over });

test("the button follows from the state, first match wins", () => {
  expect(button()).toBe("send");
  expect(button({ text: " \n" })).toBe("empty");
  expect(button({ signedIn: false })).toBe("sign_in");
  expect(button({ text: "字".repeat(TEXT_LIMIT + 1), phase: "streaming" })).toBe("over");
  expect(button({ phase: "queued" })).toBe("cancel_queue");
  expect(button({ paused: true })).toBe("paused");
  expect(button({ paused: true, phase: "streaming" })).toBe("stop");
  expect(button({ phase: "starting" })).toBe("stop");
  expect(button({ phase: "streaming", text: "" })).toBe("stop");
  expect(button({ phase: "stopping" })).toBe("stopping");
  expect(button({ phase: "completed" })).toBe("send");
});

test("the limit counts characters, not UTF-16 units", () => {
  expect(button({ text: "𠮷".repeat(TEXT_LIMIT) })).toBe("send");
});

describe("Enter", () => {
  const key = { key: "Enter", shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };
  const desk = { touch: false, enterSends: true };
  test("sends on a desk and breaks the line on a phone", () => {
    expect(entersSend(key, desk)).toBe(true);
    expect(entersSend(key, { ...desk, touch: true })).toBe(false);
  });
  test("with Shift is always a new line, with Ctrl or Cmd always sends", () => {
    expect(entersSend({ ...key, shiftKey: true }, desk)).toBe(false);
    expect(entersSend({ ...key, ctrlKey: true }, { touch: true, enterSends: false })).toBe(true);
  });
});

describe("composing a word", () => {
  const press = (isComposing: boolean, keyCode: number) =>
    composing({ nativeEvent: { isComposing }, keyCode });
  test("is told by the event, or by 229 where Safari ends composition early", () => {
    expect(press(true, 13)).toBe(true);
    expect(press(false, 229)).toBe(true);
    expect(press(false, 13)).toBe(false);
  });
});

test("a starter's blank is selected whole", () => {
  expect(blankOf("改得更〔正式〕：")).toEqual([3, 7]);
  expect(blankOf("没有空")).toEqual([3, 3]);
});

test("it is its own blank, not one in what stands before it", () => {
  expect(blankOf("〔我的〕\n\n改得更〔正式〕：", 6)).toEqual([9, 13]);
});

test("words that come to others stand under them", () => {
  expect(joined("写到一半", "短一点")).toBe("写到一半\n\n短一点");
  expect(joined(" \n", "短一点")).toBe("短一点");
});
