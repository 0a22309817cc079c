import { useEffect } from "react";
import { leaveTemporary } from "../temporary";

/** Left by going anywhere else, by closing the tab, and into the browser's page cache. */
export function useTemporary(here: boolean): void {
  useEffect(() => {
    if (!here) return;
    addEventListener("pagehide", leaveTemporary);
    return () => {
      removeEventListener("pagehide", leaveTemporary);
      leaveTemporary();
    };
  }, [here]);
}
