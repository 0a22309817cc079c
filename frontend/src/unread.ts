/** Conversations whose answer came to its end while nobody in this tab looked at them. */
import { createCell } from "./cell";

export const unread = createCell<ReadonlySet<string>>(new Set());

const looksAt = (conversation: string): boolean =>
  document.visibilityState === "visible" && location.pathname === `/c/${conversation}`;

export function markUnread(conversation: string): void {
  if (!looksAt(conversation)) unread.set(new Set([...unread.get(), conversation]));
}

export function markRead(conversation: string): void {
  if (unread.get().has(conversation))
    unread.set(new Set([...unread.get()].filter((it) => it !== conversation)));
}
