import fc from "fast-check";
import { expect, test } from "vitest";
import { arrive, newPace, step } from "../src/pacer";

const FRAME_MS = 16;

/** Reveal `text` that is all there, frame by frame. */
function reveal(text: string, { ended, frames = 200 }: { ended: boolean; frames?: number }): string[] {
  let pace = newPace(0, 0);
  const seen: string[] = [];
  for (let i = 1; i <= frames && pace.shown < text.length; i++) {
    pace = step(pace, text, i * FRAME_MS, ended);
    seen.push(text.slice(0, pace.shown));
  }
  return seen;
}

test("never shows less than before, and ends with everything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), (text) => {
      const seen = reveal(text, { ended: true });
      expect(seen.at(-1)).toBe(text);
      seen.reduce((before, now) => {
        expect(now.startsWith(before)).toBe(true);
        return now;
      }, "");
    }),
  );
});

test("shows the rest of a finished text within a quarter of a second", () => {
  const seen = reveal("字".repeat(5000), { ended: true });
  expect(seen.length * FRAME_MS).toBeLessThanOrEqual(270);
});

test("splits no emoji and no surrogate pair", () => {
  const family = "👨‍👩‍👧‍👦";
  const whole = [...new Intl.Segmenter().segment(`${family}𠮷`.repeat(20))].map((it) => it.segment);
  for (const part of reveal(whole.join(""), { ended: false })) {
    const segments = [...new Intl.Segmenter().segment(part)].map((it) => it.segment);
    expect(whole.slice(0, segments.length)).toEqual(segments);
  }
});

test("shows Latin words whole", () => {
  const text = "measure twice and cut once, then measure again. ".repeat(5);
  const words = new Set(text.match(/[a-z]+/g));
  for (const part of reveal(text, { ended: false })) {
    const last = /[a-z]+$/.exec(part)?.[0];
    if (last) expect(words).toContain(last);
  }
});

test("goes at the pace of arrivals: about one gap behind", () => {
  let pace = newPace(0, 0);
  let text = "";
  for (let now = 0; now < 3000; now += FRAME_MS) {
    if (now % 160 === 0) {
      text += "一二三四五六七八";
      pace = arrive(pace, now);
    }
    pace = step(pace, text, now, false);
  }
  expect(text.length - pace.shown).toBeLessThanOrEqual(16);
});
