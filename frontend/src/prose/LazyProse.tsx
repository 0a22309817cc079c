import { lazy, Suspense } from "react";

const load = () => import("./Prose");
const Prose = lazy(load);

/** Fetched in idle time, so that the first answer does not wait for it. */
export const preloadProse = (): void => {
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 300));
  idle(() => void load());
};

export function LazyProse({ text, live }: { text: string; live: boolean }) {
  return (
    <Suspense fallback={<div className="md plain">{text}</div>}>
      <Prose text={text} live={live} />
    </Suspense>
  );
}
