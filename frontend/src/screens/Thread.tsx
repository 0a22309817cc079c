import { useQuery } from "@tanstack/react-query";
import { useEffect, useLayoutEffect } from "react";
import { Refused } from "../api/client";
import { threadQuery } from "../api/queries";
import { useCell } from "../cell";
import { errorSentence, useLocale, useT } from "../i18n";
import { session, store } from "../live";
import { preloadProse } from "../prose/LazyProse";
import { useThread } from "../store";
import { useTold } from "../ui/useTold";
import { markUnread } from "../unread";
import { Nothing } from "./NotFound";
import { Turns } from "./Turns";
import type { AskChoices } from "./turn_types";

export function Thread({
  id,
  lift,
  choices,
  giveBack,
  onAsked,
}: {
  id: string;
  lift: number;
  choices: AskChoices;
  giveBack: (words: string) => void;
  onAsked: () => void;
}) {
  const t = useT();
  const locale = useLocale();
  const now = useCell(session);
  const thread = useThread(store, id, (it) => it);
  const bornHere = thread !== undefined && !thread.known && thread.loaded;
  const query = useQuery({ ...threadQuery(id), enabled: now.type === "in" && !bornHere });

  const data = query.data;
  useLayoutEffect(() => {
    if (!data) return;
    store.dispatch(id, { type: "loaded", thread: data });
    if (data.unread) markUnread(id);
  }, [data, id]);
  useEffect(preloadProse, []);

  const code = query.error instanceof Refused ? query.error.code : query.error ? "internal" : null;
  const empty = !thread || Object.keys(thread.messages).length === 0;
  if (thread?.deleted || (empty && code === "not_found"))
    return <Nothing title={t.notFound.conversation} body="" />;
  if (empty && code && code !== "session_expired")
    return <Nothing title={errorSentence({ code }, locale)} body="" />;
  // What waits to be sent is shown even where the server has nothing yet, or cannot be asked.
  const offline = query.fetchStatus === "paused";
  const waiting = !empty && (offline || code !== null);
  if (!thread || !(thread.loaded || waiting)) {
    return (
      <Waiting text={now.type === "out" ? t.nav.signInHint : offline ? t.thread.offline : t.thread.loading} />
    );
  }
  return <Turns thread={thread} lift={lift} choices={choices} giveBack={giveBack} onAsked={onAsked} />;
}

/** Seen only where it takes long (style/thread.css). */
const LATE_MS = 400;

function Waiting({ text }: { text: string }) {
  useTold("waiting", text, { afterMs: LATE_MS });
  return <p className="waiting-page status-late">{text}</p>;
}
