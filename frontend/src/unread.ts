/** Conversations whose answer came to its end and was not looked at since. The server keeps it; here is what is due. */
import { patchConversation } from "./api/queries";
import { createCell } from "./cell";

export const unread = createCell<ReadonlySet<string>>(new Set());

export const markUnread = (conversation: string): void =>
  unread.set(new Set([...unread.get(), conversation]));

/** The server knows, or is about to: it was looked at in this tab or in another one. */
export function markRead(conversation: string): void {
  if (unread.get().has(conversation))
    unread.set(new Set([...unread.get()].filter((it) => it !== conversation)));
  patchConversation(conversation, { unread: false });
}
