/** What is typed and not sent, per conversation or scenario. Memory answers at once; the disk survives a reload. */
import { joined } from "./composer";
import { type Keep, memoryKeep } from "./keep";

export interface Draft {
  id: string;
  text: string;
  start: number;
  end: number;
  at: number;
}

const WRITE_MS = 400;
/** The place of a temporary conversation: its words never reach the disk. */
export const OFF_DISK = "temporary";

export function createDrafts() {
  const drafts = new Map<string, Draft>();
  const waiting = new Set<string>();
  let keep: Keep = memoryKeep();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const write = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const id of waiting) {
      const draft = drafts.get(id);
      const done = draft?.text ? keep.put("drafts", draft) : keep.remove("drafts", id);
      done.catch(() => undefined);
    }
    waiting.clear();
  };

  return {
    get: (id: string): Draft | undefined => drafts.get(id),
    set: (draft: Draft): void => {
      drafts.set(draft.id, draft);
      if (draft.id === OFF_DISK) return;
      waiting.add(draft.id);
      timer ??= setTimeout(write, WRITE_MS);
    },
    drop: (id: string): void => {
      drafts.delete(id);
      waiting.add(id);
      write();
    },
    /** The words of one place, and these, go under those of another. */
    carry: (from: string, to: string, words: string): void => {
      const text = [to, from].reduceRight((all, id) => joined(drafts.get(id)?.text ?? "", all), words);
      drafts.set(to, { id: to, text, start: text.length, end: text.length, at: Date.now() });
      waiting.add(to);
      drafts.delete(from);
      waiting.add(from);
      write();
    },
    write,
    /** Another person's words are forgotten; a guest's own words go with them into their account. */
    moveTo: async (next: Keep, { keepMine }: { keepMine: boolean }): Promise<void> => {
      if (!keepMine) drafts.clear();
      keep = next;
      for (const draft of await next.all<Draft>("drafts").catch(() => [])) {
        const mine = drafts.get(draft.id);
        if (!mine || mine.at < draft.at) drafts.set(draft.id, draft);
      }
      for (const id of drafts.keys()) if (id !== OFF_DISK) waiting.add(id);
      write();
    },
  };
}
