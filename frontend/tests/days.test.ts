import { expect, test } from "vitest";
import { dayGroup, greetingAt } from "../src/days";
import { en } from "../src/i18n/en";
import { zh } from "../src/i18n/zh";

const now = new Date(2026, 10, 23, 0, 5);
const group = (at: Date) => dayGroup(at.toISOString(), now, zh, "zh");

test("days are those of the calendar: ten minutes ago may be yesterday", () => {
  expect(group(new Date(2026, 10, 23, 0, 1))).toBe("今天");
  expect(group(new Date(2026, 10, 22, 23, 55))).toBe("昨天");
  expect(group(new Date(2026, 10, 16, 12))).toBe("前 7 天");
  expect(group(new Date(2026, 9, 30))).toBe("前 30 天");
});

test("older ones are named by month, and by year when it is another", () => {
  expect(dayGroup(new Date(2026, 5, 1).toISOString(), now, en, "en")).toBe("June");
  expect(dayGroup(new Date(2025, 5, 1).toISOString(), now, en, "en")).toBe("June 2025");
});

test("the greeting knows the hour", () => {
  expect([3, 8, 12, 15, 20, 23].map(greetingAt)).toEqual([
    "night",
    "morning",
    "noon",
    "afternoon",
    "evening",
    "night",
  ]);
});
