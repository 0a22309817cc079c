/** What a person says about answers. A vote is shown at once and taken back where the server says no; an appeal waits. */
import { announcer } from "./announce";
import { request } from "./api/client";
import * as shapes from "./api/shapes";
import { texts } from "./i18n";
import { store } from "./live";
import type { Rating } from "./thread";

const path = (answer: string, what: "rating" | "appeal"): string => `/api/messages/${answer}/${what}/`;

/** `null` takes the vote back. Says whether the server has it. */
export async function rate(conversation: string, answer: string, rating: Rating | null): Promise<boolean> {
  const message = store.get(conversation)?.messages[answer];
  const before = message?.role === "assistant" ? message.rating : null;
  store.dispatch(conversation, { type: "rate", message: answer, rating });
  try {
    if (rating) await request(path(answer, "rating"), shapes.rating, "PUT", rating);
    else await request(path(answer, "rating"), () => null, "DELETE");
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

/**
 * For the administration: that a filter was wrong about this answer, or that it should not have been given. Says whether
 * the server has it; there it is one, however often it is said.
 */
export async function appeal(
  conversation: string,
  answer: string,
  comment: string,
  told: { arrived: string; failed: string },
): Promise<boolean> {
  try {
    await request(path(answer, "appeal"), shapes.appeal, "PUT", { comment });
  } catch {
    announcer.say("appeal", told.failed, "alert");
    return false;
  }
  store.dispatch(conversation, { type: "appeal", message: answer });
  announcer.say("appeal", told.arrived);
  return true;
}
