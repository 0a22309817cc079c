import { useEffect } from "react";
import { useCell } from "../cell";
import { markRead, unread } from "../unread";

const SEEN_MS = 1000;

/** A conversation looked at for a moment has been read. */
export function useRead(conversation: string): void {
  const due = useCell(unread).has(conversation);
  useEffect(() => {
    if (!due) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      clearTimeout(timer);
      if (document.visibilityState === "visible") timer = setTimeout(() => markRead(conversation), SEEN_MS);
    };
    look();
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [due, conversation]);
}
