import { useSyncExternalStore } from "react";

export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (run) => {
      const media = matchMedia(query);
      media.addEventListener("change", run);
      return () => media.removeEventListener("change", run);
    },
    () => matchMedia(query).matches,
  );
}

/** From here on the sidebar stands beside the thread; below it is a drawer. */
export const useWide = (): boolean => useMedia("(min-width: 1024px)");
