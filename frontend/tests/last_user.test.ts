import { beforeEach, expect, test } from "vitest";
import { keepLastUser, lastUser } from "../src/offline/last_user";

const li = { email: "li@example.com", name: "李", locale: "zh", instructions: "叫我小李" };

beforeEach(() => localStorage.clear());

test("who was here last is known again, without what they told the assistant about themselves", () => {
  keepLastUser(li);
  expect(lastUser()).toEqual({ ...li, instructions: "" });
});

test("who signed out, or what nobody can read, is nobody", () => {
  keepLastUser(li);
  keepLastUser(null);
  expect(lastUser()).toBeNull();
  localStorage.setItem("user", "{");
  expect(lastUser()).toBeNull();
});
