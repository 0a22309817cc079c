/** What a reader does with hand, keys and selection that says where they want to be. */

const DRAG_PX = 10;
const UPWARDS: ReadonlySet<string> = new Set(["PageUp", "ArrowUp", "Home", "Enter", " "]);

interface Wishes {
  /** To stay here, or to go up: nothing moves them from now on. */
  stay(): void;
  toEnd(): void;
  /** Somewhere else than where they were brought; where to, the scrolling will tell. */
  away(): void;
}

/** Told of every wish until the returned function is called. */
export function watchReader(box: HTMLElement, { stay, toEnd, away }: Wishes): () => void {
  const watching = new AbortController();
  const { signal } = watching;
  const passive = { signal, passive: true };
  let touchedAt = 0;
  const heightOf = (event: TouchEvent): number => event.touches[0]?.clientY ?? 0;

  box.addEventListener(
    "wheel",
    (event) => {
      away();
      if (event.deltaY < 0) stay();
    },
    passive,
  );
  box.addEventListener(
    "touchstart",
    (event) => {
      touchedAt = heightOf(event);
    },
    passive,
  );
  box.addEventListener("touchmove", (event) => heightOf(event) - touchedAt > DRAG_PX && stay(), passive);
  box.addEventListener(
    "keydown",
    (event) => {
      if (UPWARDS.has(event.key)) stay();
      if (event.key === "End" || (event.key === "ArrowDown" && (event.ctrlKey || event.metaKey))) toEnd();
    },
    { signal },
  );
  box.addEventListener("focusin", (event) => isIn(event.target, ".turn h2") && stay(), { signal });
  // Opening a fold or turning to another branch is reading: what it changes in height must not move the reader.
  const click = (event: MouseEvent): unknown => isIn(event.target, "[aria-expanded], .siblings") && stay();
  box.addEventListener("click", click, { signal, capture: true });
  // A press on the scrollbar: right of what the content takes.
  const press = (event: PointerEvent): unknown =>
    event.target === box && event.offsetX > box.clientWidth && stay();
  box.addEventListener("pointerdown", press, { signal });
  document.addEventListener("selectionchange", () => selectsIn(box) && stay(), { signal });
  return () => watching.abort();
}

const isIn = (target: EventTarget | null, selector: string): boolean =>
  target instanceof Element && target.closest(selector) !== null;

export function selectsIn(box: HTMLElement): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && box.contains(selection.anchorNode);
}
