import { useEffect } from "react";
import { announcer, type Region } from "../announce";

/** What is drawn is also told, once, to who cannot see: `afterMs` is how long it takes to be seen. */
export function useTold(
  topic: string,
  text: string,
  { region = "say", afterMs = 0 }: { region?: Region; afterMs?: number } = {},
): void {
  useEffect(() => {
    const timer = setTimeout(() => announcer.say(topic, text, region), afterMs);
    return () => clearTimeout(timer);
  }, [topic, text, region, afterMs]);
}
