import fc from "fast-check";
import { expect, test } from "vitest";
import { codePoints, parseFrame } from "../src/wire";
import { frameOf, validServer } from "./golden";

test.each(validServer.map((frame) => [String(frame.type), frame] as const))(
  "takes the golden %s whole",
  (_, frame) => {
    // What is null says nothing more than what is absent, but for `active` and the numbers of `finished`.
    expect(frameOf(frame)).toMatchObject(
      JSON.parse(JSON.stringify(frame, (_key, it) => (it === null ? undefined : it))),
    );
  },
);

test("tells an absent `active` from one that is null", () => {
  const conversation = "c";
  expect(frameOf({ type: "changed", conversation })).not.toHaveProperty("active");
  expect(frameOf({ type: "changed", conversation, active: null })).toHaveProperty("active", null);
});

test("ignores types it does not know", () => {
  expect(parseFrame('{"type":"confetti","generation":"g"}')).toBeNull();
  expect(parseFrame('{"type":"toString"}')).toBeNull();
});

test("drops fields it does not know", () => {
  expect(parseFrame('{"type":"pong","mood":"good"}')).toEqual({ type: "pong" });
});

test("takes a code it does not know for a fault of ours", () => {
  expect(parseFrame('{"type":"error","code":"new_in_2030"}')).toMatchObject({ code: "internal" });
});

test("never throws, whatever comes", () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseFrame(text)));
  const broken = fc.record({
    type: fc.constantFrom("delta", "finished", "welcome", "changed", "error"),
    generation: fc.anything(),
    seq: fc.anything(),
  });
  fc.assert(fc.property(broken, (frame) => void parseFrame(JSON.stringify(frame))));
});

test("counts code points as the server does", () => {
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => codePoints(text) === [...text].length));
  expect(codePoints("𠮷👨‍👩‍👧a")).toBe(7);
});
