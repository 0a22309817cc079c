/** What was said before the part of a conversation that is here. */
import { queryClient, threadQuery } from "./api/queries";
import { store } from "./live";

/** Reads the page before the message `before` into the thread. Asked for twice at once, it is asked once. */
/** Page after page, until all of it is here, or one cannot be read. */
export async function readWhole(conversation: string): Promise<void> {
  for (let before = ""; ; ) {
    const next = store.get(conversation)?.older ?? before;
    if (next === before) return;
    before = next;
    await readEarlier(conversation, before);
  }
}

export async function readEarlier(conversation: string, before: string): Promise<void> {
  const thread = await queryClient.fetchQuery(threadQuery(conversation, before)).catch(() => null);
  if (thread && store.get(conversation)) store.dispatch(conversation, { type: "loaded", thread, before });
}
