import { expect, test } from "vitest";
import { nextPath, placeOf } from "../src/screens/place";

test("an address is a place", () => {
  expect(placeOf("/")).toEqual({ kind: "new", scenario: "" });
  expect(placeOf("/s/translate")).toEqual({ kind: "new", scenario: "translate" });
  expect(placeOf("/c/0197B2C4-0001-7a1e-9c3d-5f2b8e6a0001")).toEqual({
    kind: "conversation",
    id: "0197b2c4-0001-7a1e-9c3d-5f2b8e6a0001",
  });
  expect(placeOf("/t")).toEqual({ kind: "temporary" });
  expect(placeOf("/signin")).toEqual({ kind: "signin" });
  expect(placeOf("/nowhere")).toEqual({ kind: "unknown" });
});

test("after signing in one never leaves this site", () => {
  expect(nextPath("?next=/c/1")).toBe("/c/1");
  for (const evil of ["//evil.test", "https://evil.test", "/\\evil.test", "javascript:alert(1)"]) {
    expect(nextPath(`?next=${encodeURIComponent(evil)}`)).toBe("/");
  }
});
