import { expect, test } from "vitest";
import { type Command, commandOf, type Press, type Spot, turnFrom } from "../src/keys";

function press(words: string): Press {
  const parts = words.split(" ");
  const key = parts.at(-1) ?? "";
  return {
    key,
    code: key === ";" ? "Semicolon" : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key,
    ctrlKey: parts.includes("Ctrl"),
    metaKey: parts.includes("Cmd"),
    shiftKey: parts.includes("Shift"),
    altKey: parts.includes("Alt"),
  };
}

test.each<[string, Spot, Command | null]>([
  ["Ctrl k", "field", "search"],
  ["Cmd k", "page", "search"],
  ["Ctrl Shift O", "field", "new"],
  ["Cmd Shift S", "page", "sidebar"],
  ["Shift Escape", "field", "composer"],
  ["/", "page", "composer"],
  ["/", "field", null],
  ["/", "empty_composer", null],
  ["Shift ?", "page", "help"],
  ["Shift ?", "empty_composer", null],
  ["Ctrl /", "field", "help"],
  ["ArrowUp", "empty_composer", "edit_last"],
  ["ArrowUp", "field", null],
  ["ArrowUp", "page", null],
  ["Alt ArrowUp", "field", "previous_turn"],
  ["Alt ArrowDown", "page", "next_turn"],
  ["Ctrl Shift C", "page", "copy_answer"],
  ["Ctrl Shift ;", "page", "copy_code"],
  ["F8", "field", "toast"],
  ["Shift F8", "field", null],
  ["Ctrl p", "field", "print"],
  ["Ctrl P", "page", "print"],
  ["Ctrl c", "page", null],
  ["Ctrl Alt k", "page", null],
  ["k", "page", null],
  ["Escape", "field", null],
])("%s in %s", (words, spot, command) => {
  expect(commandOf(press(words), spot, { mac: words.startsWith("Cmd") })).toBe(command);
});

test("the other board's key does nothing", () => {
  expect(commandOf(press("Ctrl k"), "field", { mac: true })).toBeNull();
  expect(commandOf(press("Cmd k"), "field", { mac: false })).toBeNull();
});

test("from turn to turn, and no further than the ends", () => {
  expect(turnFrom([-900, -400, 0, 600], 1)).toBe(3);
  expect(turnFrom([-900, -400, 0, 600], -1)).toBe(1);
  expect(turnFrom([-900, -400], 1)).toBe(1);
  expect(turnFrom([0, 500], -1)).toBe(0);
});
