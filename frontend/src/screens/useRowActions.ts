import { useLocation } from "wouter";
import { announcer } from "../announce";
import { Refused } from "../api/client";
import {
  changeConversation,
  deleteConversation,
  patchConversation,
  queryClient,
  refreshConversations,
  undeleteConversation,
} from "../api/queries";
import type { Conversation } from "../api/shapes";
import { errorSentence, useLocale, useT } from "../i18n";
import { drafts } from "../live";
import { showToast } from "../toast";

type Change = Partial<Pick<Conversation, "title" | "pinned" | "archived">>;

let underWay = 0;

/** A list that is read while a change is under way shows again what it took away: it is read after the last one. */
async function told(change: Promise<unknown>): Promise<void> {
  underWay += 1;
  void queryClient.cancelQueries({ queryKey: ["conversations"] });
  await change.finally(() => {
    underWay -= 1;
  });
  if (underWay === 0) await refreshConversations();
}

/** What can be done to a conversation from its row: shown at once, then told to the server, taken back if it refuses. */
export function useRowActions(row: Conversation, { current }: { current: boolean }) {
  const t = useT();
  const locale = useLocale();
  const [, go] = useLocation();
  const title = row.title || t.nav.untitled;

  const failed = (error: unknown): void => {
    void refreshConversations();
    const code = error instanceof Refused ? error.code : "internal";
    announcer.say("row", errorSentence({ code }, locale), "alert");
  };
  const change = (to: Change): void => {
    told(changeConversation(row.id, to)).catch(failed);
  };
  const undo = (): void => {
    undeleteConversation(row.id)
      .then(() => {
        void queryClient.invalidateQueries({ queryKey: ["thread", row.id] });
        return refreshConversations();
      })
      .then(() => announcer.say("row", t.remove.undone(title)), failed);
  };

  return {
    rename: (to: string): void => {
      if (!to || to === row.title) return;
      patchConversation(row.id, { title: to });
      change({ title: to });
    },
    pin: (pinned: boolean): void => {
      patchConversation(row.id, { pinned });
      change({ pinned });
    },
    archive: (archived: boolean): void => {
      patchConversation(row.id, null);
      change({ archived });
      const text = archived ? t.nav.archivedNow(title) : t.nav.unarchivedNow(title);
      announcer.say("row", text);
      showToast({
        text,
        action: t.remove.undo,
        onAction: () => change({ archived: !archived }),
      });
    },
    remove: (): void => {
      patchConversation(row.id, null);
      if (current) go("/");
      announcer.say("row", t.remove.done(title), "alert");
      told(deleteConversation(row.id)).then(
        () =>
          showToast({
            text: t.remove.done(title),
            action: t.remove.undo,
            onAction: undo,
            onGone: () => drafts.drop(row.id),
          }),
        failed,
      );
    },
  };
}
