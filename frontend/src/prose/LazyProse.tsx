import { late } from "../ui/late";

/** The words as they are, until what draws Markdown is here. */
export const [LazyProse, fetchProse] = late(
  () => import("./Prose").then((it) => it.Prose),
  ({ text }) => <div className="md plain">{text}</div>,
);

/** Fetched in idle time, so that the first answer does not wait for it. */
export const preloadProse = (): void => {
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 300));
  idle(() => void fetchProse());
};
