/** Votes on answers: shown at once, kept by the server, taken back where it says no. */
import { announcer } from "./announce";
import { request } from "./api/client";
import * as shapes from "./api/shapes";
import { texts } from "./i18n";
import { store } from "./live";
import type { Rating } from "./thread";

const path = (answer: string): string => `/api/messages/${answer}/rating/`;

/** `null` takes the vote back. Says whether the server has it. */
export async function rate(conversation: string, answer: string, rating: Rating | null): Promise<boolean> {
  const message = store.get(conversation)?.messages[answer];
  const before = message?.role === "assistant" ? message.rating : null;
  store.dispatch(conversation, { type: "rate", message: answer, rating });
  try {
    if (rating) await request(path(answer), shapes.rating, "PUT", rating);
    else await request(path(answer), () => null, "DELETE");
    return true;
  } catch {
    // Only if nothing was said since: the later vote has its own answer coming.
    const now = store.get(conversation)?.messages[answer];
    if (now?.role === "assistant" && now.rating === rating) {
      store.dispatch(conversation, { type: "rate", message: answer, rating: before });
    }
    announcer.say("rating", texts().feedback.failed, "alert");
    return false;
  }
}
