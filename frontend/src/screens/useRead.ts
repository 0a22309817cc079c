import { useEffect } from "react";
import { read } from "../ask";
import { useCell } from "../cell";
import { line } from "../live";
import { unread } from "../unread";

const SEEN_MS = 1000;

/** A conversation looked at for a moment has been read. */
export function useRead(conversation: string): void {
  const isUp = useCell(line).link === "live";
  const due = useCell(unread).has(conversation) && isUp;
  useEffect(() => {
    if (!due) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") timer = setTimeout(() => read(conversation), SEEN_MS);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [due, conversation]);
}
