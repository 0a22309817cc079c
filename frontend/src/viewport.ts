/** Safari shrinks only the visual viewport for its keyboard; the shell learns of it through `--kb`. */
export function followKeyboard(): void {
  const view = globalThis.visualViewport;
  if (!view) return;
  let waiting = false;
  const write = (): void => {
    waiting = false;
    // Pinch zoom moves the same numbers and means nothing here.
    const covered = view.scale > 1 ? 0 : Math.max(0, innerHeight - view.height - view.offsetTop);
    document.documentElement.style.setProperty("--kb", `${covered}px`);
  };
  const later = (): void => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(write);
  };
  view.addEventListener("resize", later);
  view.addEventListener("scroll", later);
}
