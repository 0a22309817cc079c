const GAP = 6;
const MARGIN = 8;

/** Puts a box of the top layer under its anchor, or above it where there is no room; always inside the window. */
export function placeBeside(box: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const size = box.getBoundingClientRect();
  const below = at.bottom + GAP;
  const top = below + size.height > innerHeight - MARGIN ? at.top - GAP - size.height : below;
  box.style.top = `${Math.max(MARGIN, top)}px`;
  box.style.left = `${Math.max(MARGIN, Math.min(at.left, innerWidth - size.width - MARGIN))}px`;
}
