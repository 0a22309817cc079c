import { ROOT, type ThreadState } from "./state";

/** What has to be picked at each step from the first question down to `message`. */
export function picksTo(messages: ThreadState["messages"], message: string): ThreadState["pick"] {
  const picks: Record<string, string> = {};
  for (let at = messages[message]; at; at = at.parent === null ? undefined : messages[at.parent]) {
    const parent = at.parent ?? ROOT;
    if (Object.hasOwn(picks, parent)) break;
    picks[parent] = at.id;
  }
  return picks;
}
