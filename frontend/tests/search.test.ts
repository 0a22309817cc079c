import { expect, test } from "vitest";
import { searchable } from "../src/search";

test.each(["城", " 城 ", "py", "3元", "👋🏽"])("%s is worth asking for", (typed) => {
  expect(searchable(typed)).toBe(true);
});
test.each(["", "  ", "p", " p "])("“%s” is not", (typed) => {
  expect(searchable(typed)).toBe(false);
});
