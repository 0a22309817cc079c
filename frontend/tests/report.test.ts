import { describe, expect, test } from "vitest";
import { createReporter, EVERY_MS, type Happening } from "../src/report";
import { createClock } from "./clock";

interface Batch {
  events: { id: string; age_ms: number; kind: string; scenario?: string; answer?: string }[];
}

/** A server that answers with these, then with 202. */
function setup(...replies: number[]) {
  const clock = createClock();
  const got: Batch[] = [];
  let now = 0;
  const reporter = createReporter({
    post: async (body) => {
      got.push(body as Batch);
      return replies.shift() ?? 202;
    },
    now: () => now,
    after: clock.after,
  });
  const pass = async (ms: number): Promise<void> => {
    now += ms;
    clock.pass(ms);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  return { reporter, got, pass };
}

const copied = (answer: string): Happening => ({ kind: "copied", answer });
const seen = (scenario: string): Happening => ({ kind: "scenario_seen", scenario });

describe("what the page tells", () => {
  test("goes in one batch, each with its age", async () => {
    const { reporter, got, pass } = setup();
    reporter.tell(seen("code"));
    await pass(1000);
    reporter.tell(copied("a1"));
    await pass(EVERY_MS - 1000);
    expect(got).toHaveLength(1);
    expect(got[0]?.events).toMatchObject([
      { kind: "scenario_seen", scenario: "code", age_ms: EVERY_MS },
      { kind: "copied", answer: "a1", age_ms: EVERY_MS - 1000 },
    ]);
  });

  test("goes at once when the page is left, and nothing goes twice", async () => {
    const { reporter, got, pass } = setup();
    reporter.tell(copied("a1"));
    await reporter.flush();
    await pass(EVERY_MS);
    expect(got).toHaveLength(1);
  });

  test("is said again under the same id when nobody heard it", async () => {
    const { reporter, got, pass } = setup(0, 503);
    reporter.tell(copied("a1"));
    for (let time = 0; time < 4; time++) await pass(EVERY_MS);
    expect(got).toHaveLength(3);
    expect(new Set(got.map((batch) => batch.events[0]?.id)).size).toBe(1);
    expect(got.map((batch) => batch.events[0]?.age_ms)).toEqual([EVERY_MS, 2 * EVERY_MS, 3 * EVERY_MS]);
  });

  test("is dropped when it was refused", async () => {
    const { reporter, got, pass } = setup(400);
    reporter.tell(copied("a1"));
    await pass(EVERY_MS);
    await pass(EVERY_MS);
    expect(got).toHaveLength(1);
  });

  test("never fills more than a batch at a time, in order", async () => {
    const { reporter, got, pass } = setup();
    for (let n = 0; n < 60; n++) reporter.tell(copied(`a${n}`));
    await pass(EVERY_MS);
    await pass(EVERY_MS);
    expect(got.map((batch) => batch.events.length)).toEqual([50, 10]);
    expect(got[1]?.events[0]?.answer).toBe("a50");
  });

  test("is told once, where once is enough", async () => {
    const { reporter, got, pass } = setup();
    for (const scenario of ["code", "code", "write"]) reporter.tellOnce(seen(scenario));
    await pass(EVERY_MS);
    reporter.tellOnce(seen("code"));
    await pass(EVERY_MS);
    expect(got.flatMap((batch) => batch.events.map((event) => event.scenario))).toEqual(["code", "write"]);
  });

  test("is not told as somebody else's", async () => {
    const { reporter, got, pass } = setup();
    reporter.tell(copied("a1"));
    reporter.forget();
    await pass(EVERY_MS);
    expect(got).toHaveLength(0);
  });
});
