/** Conversations whose answer came to its end and was not looked at since. The server keeps it; here is what is due. */
import { changeConversation, patchConversation } from "./api/queries";
import { createCell } from "./cell";

export const unread = createCell<ReadonlySet<string>>(new Set());

export const markUnread = (conversation: string): void =>
  unread.set(new Set([...unread.get(), conversation]));

/** For this browser at once, for all others when the server hears it; without a network it stays unread there. */
export function markRead(conversation: string): void {
  if (!unread.get().has(conversation)) return;
  unread.set(new Set([...unread.get()].filter((it) => it !== conversation)));
  patchConversation(conversation, { unread: false });
  changeConversation(conversation, { unread: false }).catch(() => undefined);
}
