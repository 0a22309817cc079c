/** The reader's place: what is at the top of the view stays there, whatever changes its height above it. */

const LEAST_PX = 0.5;
/** Drawn anew as a whole (colours come into code, cells into a table): too fine to hold on to. */
const WHOLE = "pre, table, .diagram";

interface Held {
  element: HTMLElement;
  /** From the top of the content, in CSS pixels: what scrolling does not change. */
  offset: number;
}

/** The turn at the box's upper edge, and in it ever smaller parts down to the topmost one that begins in view. */
function topmost(box: HTMLElement): HTMLElement[] {
  const edge = box.getBoundingClientRect().top;
  const below = (element: Element | undefined): element is HTMLElement =>
    element instanceof HTMLElement &&
    element.offsetHeight > 1 &&
    element.getBoundingClientRect().bottom > edge + LEAST_PX;
  const line: HTMLElement[] = [];
  let next = drawnFrom(firstFrom([...box.querySelectorAll<HTMLElement>(".turn")], below));
  while (next) {
    line.push(next);
    if (next.getBoundingClientRect().top >= edge || next.matches(WHOLE)) break;
    next = [...next.children].find(below);
  }
  return line;
}

export const turnAtTop = (box: HTMLElement): HTMLElement | undefined => topmost(box)[0];

/** The first one below, of elements that stand one under the other: a long thread is not measured from its beginning. */
function firstFrom(
  rows: readonly HTMLElement[],
  below: (row: HTMLElement | undefined) => boolean,
): HTMLElement | undefined {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (below(rows[middle])) to = middle;
    else from = middle + 1;
  }
  return rows[from];
}

/** A row that is still empty (useNear.ts) will have another height: what follows it is held. */
function drawnFrom(row: HTMLElement | undefined): HTMLElement | undefined {
  let at: Element | null | undefined = row;
  while (at && at.childElementCount === 0) at = at.nextElementSibling;
  return at instanceof HTMLElement ? at : row;
}

export interface Hold {
  /** From now on: this element, or whatever is at the top of the view. */
  take(element?: HTMLElement): void;
  /** Scroll by as much as the held element was moved by what stands above it. */
  keep(): void;
}

export function createHold(box: HTMLElement): Hold {
  let line: readonly Held[] = [];
  const offsetOf = (element: HTMLElement): number =>
    element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
  const measure = (elements: readonly HTMLElement[]): void => {
    line = elements.map((element) => ({ element, offset: offsetOf(element) }));
  };
  const take = (element?: HTMLElement): void => measure(element ? [element] : topmost(box));
  return {
    take,
    keep: () => {
      // Parts may have been drawn anew; what they were part of is still there.
      const held = line.findLast(({ element }) => element.getClientRects().length > 0);
      if (!held) return take();
      const drift = offsetOf(held.element) - held.offset;
      if (Math.abs(drift) < LEAST_PX) return;
      box.scrollTop += drift;
      measure(line.map((it) => it.element));
    },
  };
}
