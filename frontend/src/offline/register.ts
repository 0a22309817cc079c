/** After the first paint: the worker only matters to later visits. Under `vite dev` there is none. */
export function keepShell(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  // A browser that refuses (a private window, a full disk) works on without it.
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
