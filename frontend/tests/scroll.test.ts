import fc from "fast-check";
import { expect, test } from "vitest";
import { initialScroll, type Scroll, type ScrollEvent, scroll } from "../src/scroll";

const after = (...events: ScrollEvent[]) =>
  events.reduce<readonly [Scroll, string]>(([state], event) => scroll(state, event), [initialScroll, "none"]);
const grew: ScrollEvent = { type: "grew", overflows: true, autoFollow: true, writing: true };

test("sending lifts the question to the top", () => {
  expect(after({ type: "sent" })).toEqual([{ mode: "anchored", arriving: false, news: false }, "lift"]);
});

test("text below the lifted question moves nothing until it is taller than the screen", () => {
  expect(after({ type: "sent" }, { ...grew, overflows: false })[1]).toBe("none");
  expect(after({ type: "sent" }, grew)).toEqual([{ mode: "following", arriving: false, news: false }, "end"]);
});

test("who does not want to follow stays anchored", () => {
  expect(after({ type: "sent" }, { ...grew, autoFollow: false })).toEqual([
    { mode: "anchored", arriving: false, news: false },
    "none",
  ]);
});

test("what was opened at its end stays there while it is drawn, whoever wants to follow", () => {
  const drawn: ScrollEvent = { ...grew, autoFollow: false, writing: false };
  expect(after({ type: "opened" }, drawn, drawn)[1]).toBe("end");
  expect(after({ type: "opened" }, { ...drawn, writing: true }, drawn)[1]).toBe("none");
  expect(after({ type: "opened" }, { type: "gesture" }, drawn)[1]).toBe("none");
});

test("one gesture releases, and the end takes up again", () => {
  expect(after({ type: "opened" }, { type: "gesture" }, grew)).toEqual([
    { mode: "released", arriving: false, news: true },
    "none",
  ]);
  expect(after({ type: "gesture" }, { type: "reached_end" })[0].mode).toBe("following");
  expect(after({ type: "gesture" }, { type: "to_end" })).toEqual([
    { mode: "following", arriving: false, news: false },
    "end",
  ]);
});

test("nothing but the reader's own hand moves a reader who was released", () => {
  const others = fc.array(fc.constant(grew), { maxLength: 20 });
  fc.assert(
    fc.property(others, (events) => {
      const [start] = after({ type: "opened" }, { type: "gesture" });
      let state = start;
      for (const event of events) {
        const [next, command] = scroll(state, event);
        expect(command).toBe("none");
        state = next;
      }
    }),
  );
});
