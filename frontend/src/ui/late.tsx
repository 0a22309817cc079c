import type { ComponentType, ReactNode } from "react";
import { createCell, useCell } from "../cell";

/**
 * A component whose code comes after the first paint, and what fetches it; `meanwhile` stands for it. Once it is here it is drawn at once: React's
 * `lazy` would suspend nevertheless, and show what stands for it for up to 300 ms.
 */
export function late<P extends object>(
  load: () => Promise<ComponentType<P>>,
  meanwhile: (props: P) => ReactNode,
) {
  const state = createCell<{ Here: ComponentType<P> } | { fault: unknown } | null>(null);
  const fetch = async (): Promise<void> => {
    try {
      state.set(state.get() ?? { Here: await load() });
    } catch (fault) {
      state.set({ fault });
    }
  };
  const Late = (props: P): ReactNode => {
    const now = useCell(state);
    if (!now) return meanwhile(props);
    if ("fault" in now) throw now.fault;
    return <now.Here {...props} />;
  };
  return [Late, fetch] as const;
}
