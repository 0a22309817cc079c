/** The temporary conversation of this tab: in memory and, unlisted, on the server, until it is left. Nowhere else. */
import { Refused } from "./api/client";
import { deleteConversation } from "./api/queries";
import { createCell } from "./cell";
import { OFF_DISK } from "./drafts";
import { drafts, next, store } from "./live";

/** Its id; empty before the first words. Never in the address, so that a reload finds nothing. */
export const temporary = createCell("");

/** Where its unsent words stand. */
export const TEMPORARY_PLACE = OFF_DISK;

export function leaveTemporary(): void {
  const id = temporary.get();
  drafts.drop(TEMPORARY_PLACE);
  if (!id) return;
  temporary.set("");
  next.drop(id);
  store.drop(id);
  remember(id);
  tell(id);
}

/**
 * What a page says on its way out may get lost, on a busy machine one time in four: the next page of this tab says it
 * again. Where there is none, the server lets it go an hour after the last turn.
 */
export function leaveAgain(): void {
  const id = remembered();
  if (id) tell(id);
}

function tell(id: string): void {
  deleteConversation(id).then(
    () => remember(""),
    (error: unknown) => error instanceof Refused && error.code === "not_found" && remember(""),
  );
}

/** An id without a word of what was said, in this tab only, until the server has heard. */
const LEFT = "ui.left";

function remembered(): string {
  try {
    return sessionStorage.getItem(LEFT) ?? "";
  } catch {
    return "";
  }
}

function remember(id: string): void {
  try {
    if (id) sessionStorage.setItem(LEFT, id);
    else sessionStorage.removeItem(LEFT);
  } catch {
    // A browser that keeps nothing: it was said once.
  }
}
