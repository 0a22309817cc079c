/** The temporary conversation of this tab: in memory and, unlisted, on the server, until it is left. Nowhere else. */
import { deleteConversation } from "./api/queries";
import { createCell } from "./cell";
import { OFF_DISK } from "./drafts";
import { drafts, store } from "./live";

/** Its id; empty before the first words. Never in the address, so that a reload finds nothing. */
export const temporary = createCell("");

/** Where its unsent words stand, and those that wait for the answer before them. */
export const TEMPORARY_PLACE = OFF_DISK;
export const TEMPORARY_NEXT = `${OFF_DISK}:next`;

export function leaveTemporary(): void {
  const id = temporary.get();
  for (const place of [TEMPORARY_PLACE, TEMPORARY_NEXT]) drafts.drop(place);
  if (!id) return;
  temporary.set("");
  store.drop(id);
  // Should this not arrive, the server lets it go an hour after the last turn.
  deleteConversation(id).catch(() => undefined);
}
