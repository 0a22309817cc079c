/** Where each frame goes: into its thread, the outbox, and the lists that REST has filled. */
import { announcer } from "./announce";
import { patchConversation, queryClient, refreshConversations } from "./api/queries";
import { errorSentence, locale } from "./i18n";
import type { Outbox } from "./outbox";
import type { Store } from "./store";
import type { Refusal } from "./thread";
import { markRead, markUnread } from "./unread";
import type { Changed, FrameOf, ServerFrame } from "./wire";

interface Parts {
  store: Store;
  outbox: Outbox;
}

/** Lists are read again a moment after a burst of news, not once per frame. */
const LIST_MS = 400;
let listDue = false;
const listChanged = (): void => {
  if (listDue) return;
  listDue = true;
  setTimeout(() => {
    listDue = false;
    void refreshConversations();
  }, LIST_MS);
};

export function receive(frame: ServerFrame, { store, outbox }: Parts): void {
  switch (frame.type) {
    case "welcome":
      return welcome(frame, { store, outbox });
    case "accepted":
      store.dispatch(frame.conversation, frame);
      outbox.settle(frame.id);
      // Words from before a reload: only now is there a thread to read.
      if (!store.get(frame.conversation)?.loaded) {
        void queryClient.invalidateQueries({ queryKey: ["thread", frame.conversation] });
      }
      patchConversation(frame.conversation, { active: frame.generation });
      return listChanged();
    case "queued":
    case "started":
    case "delta":
    case "snapshot":
    case "finished": {
      const owner = store.ownerOf(frame.generation);
      if (owner) store.dispatch(owner, frame);
      if (frame.type === "finished") {
        if (owner) {
          patchConversation(owner, { active: null });
          markUnread(owner);
        }
        listChanged();
      }
      return;
    }
    case "changed":
      return changed(frame, store);
    case "error":
      return refused(frame, { store, outbox });
    case "pong":
  }
}

function welcome(frame: FrameOf<"welcome">, { store, outbox }: Parts): void {
  store.each((thread) => {
    store.dispatch(thread.id, { type: "resume" });
    // Hints do not wait for a tab that was away: what this one shows is read again.
    if (thread.loaded && thread.known)
      void queryClient.invalidateQueries({ queryKey: ["thread", thread.id] });
  });
  for (const active of frame.active) patchConversation(active.conversation, { active: active.generation });
  outbox.flush();
  listChanged();
}

function changed(frame: Changed, store: Store): void {
  if (frame.unread === false) return markRead(frame.conversation);
  if (store.get(frame.conversation)) store.dispatch(frame.conversation, frame);
  if (frame.deleted) patchConversation(frame.conversation, null);
  else {
    if (frame.active === null) markUnread(frame.conversation);
    // No news but the news itself: pinned, archived, or deleted and brought back.
    else if (frame.title === undefined && store.get(frame.conversation)?.deleted)
      void queryClient.invalidateQueries({ queryKey: ["thread", frame.conversation] });
    patchConversation(frame.conversation, {
      ...(frame.title === undefined ? {} : { title: frame.title }),
      ...(frame.active === undefined ? {} : { active: frame.active?.generation ?? null }),
    });
  }
  listChanged();
}

function refused(frame: FrameOf<"error">, { store, outbox }: Parts): void {
  if (frame.id) {
    const owner = store.asking(frame.id);
    if (owner) store.dispatch(owner, frame);
    const refusal: Refusal = { code: frame.code, retryAfterS: frame.retry_after_s, params: frame.params };
    outbox.refuse(frame.id, refusal);
    if (owner) announcer.say("refused", errorSentence(refusal, locale.get()));
    // Changed elsewhere, or an answer runs that this tab does not know: the truth is in REST.
    if (owner && (frame.code === "conflict" || frame.code === "busy" || frame.code === "not_found")) {
      void queryClient.invalidateQueries({ queryKey: ["thread", owner] });
    }
    return;
  }
  const owner = frame.generation ? store.ownerOf(frame.generation) : undefined;
  if (owner) void queryClient.invalidateQueries({ queryKey: ["thread", owner] });
}
