/**
 * Runs `run` at the last moments of a page that can be sure of. A phone says no `pagehide` of a tab that it ends in the
 * background, some browsers no `visibilitychange` of one that is closed: it may run for both, or for nothing.
 */
export function whenLeaving(run: () => void): void {
  addEventListener("pagehide", run);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && run());
}
