import { expect, test } from "vitest";
import { roughHeight, turnsOf } from "../src/screens/turns";
import { newGeneration, partsOf, type Row } from "../src/thread";

const said = (id: string, text: string): Row => ({
  message: { role: "user", id, key: id, parent: null, text, createdAt: "", status: "acked" },
  siblings: [id],
  at: 0,
});
const answered = (id: string, ...generations: string[]): Row => ({
  message: {
    role: "assistant",
    id,
    key: id,
    parent: null,
    createdAt: "",
    generations,
    rating: null,
    appealed: false,
  },
  siblings: [id],
  at: 0,
});

test("a question without an answer is a turn of its own", () => {
  const turns = turnsOf([said("q1", "一"), answered("a1"), said("q2", "二")]);
  expect(turns.map((turn) => [turn.said.message.id, turn.answer?.message.id])).toEqual([
    ["q1", "a1"],
    ["q2", undefined],
  ]);
});

test("a turn not yet drawn is the higher the more was answered, and a long question counts as folded", () => {
  const generations = {
    short: { ...newGeneration("short", "a"), text: "字".repeat(40) },
    long: { ...newGeneration("long", "a"), text: "字".repeat(4000) },
  };
  const height = (question: string, ...ids: string[]): number =>
    roughHeight({ said: said("q", question), answer: answered("a", ...ids) }, generations);
  expect(height("问", "long")).toBeGreaterThan(height("问", "short"));
  expect(height("问", "short", "long")).toBeGreaterThan(height("问", "long"));
  expect(height("问".repeat(500), "short")).toBe(height("问".repeat(50_000), "short"));
});

test.each([
  ["一段。", 1],
  ["一段。\n\n两段。\n\n\n\n", 2],
  ["看：\n\n```py\na = 1\n\nb = 2\n```\n\n完。", 3],
  ["写到一半：\n```py\na = 1\n\nb = 2", 2],
  ["", 0],
])("an answer's parts are counted as they are read: %j", (text, parts) => {
  expect(partsOf(text)).toBe(parts);
});
