/**
 * How much of a growing text is shown. Frames come in bursts; a reader sees an even stream.
 * Pure: the caller brings the clock. `rate = backlog / expected gap`, so the show never falls further behind
 * than about one gap.
 */
export interface Pace {
  shown: number;
  /** Expected time between arrivals: rises at once, falls slowly, so that one quick burst does not make it stutter. */
  gapMs: number;
  arrivedAt: number;
  steppedAt: number;
  endedAt: number | null;
}

const SHORTEST_GAP_MS = 16;
const LONGEST_GAP_MS = 1000;
const FINISH_MS = 250;
const DECAY = 0.15;

export const newPace = (shown: number, now: number): Pace => ({
  shown,
  gapMs: 80,
  arrivedAt: now,
  steppedAt: now,
  endedAt: null,
});

export function arrive(pace: Pace, now: number): Pace {
  const gap = Math.min(LONGEST_GAP_MS, Math.max(SHORTEST_GAP_MS, now - pace.arrivedAt));
  const gapMs = gap > pace.gapMs ? gap : pace.gapMs + (gap - pace.gapMs) * DECAY;
  return { ...pace, gapMs, arrivedAt: now };
}

/** One animation frame. `ended`: the text is whole, and the rest appears within a quarter of a second. */
export function step(pace: Pace, text: string, now: number, ended: boolean): Pace {
  const backlog = text.length - pace.shown;
  if (backlog <= 0) return { ...pace, shown: text.length, steppedAt: now };
  const endedAt = ended ? (pace.endedAt ?? now) : null;
  const window = endedAt === null ? pace.gapMs : Math.max(1, FINISH_MS - (now - endedAt));
  const elapsed = now - pace.steppedAt;
  const wanted = pace.shown + Math.ceil((backlog * elapsed) / window);
  const shown = wanted >= text.length ? text.length : settle(text, wanted);
  if (shown <= pace.shown) return { ...pace, endedAt };
  return { ...pace, shown, steppedAt: now, endedAt };
}

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const LATIN = /[\p{Script=Latin}\p{N}'’-]/u;
const LOOK_BACK = 32;
const LONGEST_WORD = 24;

/** The nearest end that splits no character, emoji sequence or Latin word; Han characters are words. */
function settle(text: string, wanted: number): number {
  let end = wanted;
  while (
    end < text.length &&
    end - wanted < LONGEST_WORD &&
    LATIN.test(text[end] ?? "") &&
    LATIN.test(text[end - 1] ?? "")
  ) {
    end += 1;
  }
  const from = Math.max(0, end - LOOK_BACK);
  const around = text.slice(from, end + LOOK_BACK);
  for (const { index, segment } of segmenter.segment(around)) {
    const start = from + index;
    if (start < end && start + segment.length > end) return start + segment.length;
    if (start >= end) return end;
  }
  return end;
}
