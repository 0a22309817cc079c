import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { conversationsQuery } from "../api/queries";
import type { Conversation } from "../api/shapes";
import { dayGroup } from "../days";
import { type Messages, useLocale, useT } from "../i18n";
import { ConversationRow } from "./ConversationRow";

export function ConversationList({ q, current }: { q: string; current: string | null }) {
  const t = useT();
  const locale = useLocale();
  const now = useToday();
  const query = useInfiniteQuery(conversationsQuery(q));
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  const groups = grouped(rows, (row) => dayGroup(row.updated_at, now, t, locale));

  return (
    <div className="side-list">
      {groups.map(([group, members]) => (
        <section key={group}>
          <h2>{group}</h2>
          <ul>
            {members.map((row) => (
              <ConversationRow key={row.id} row={row} current={row.id === current} />
            ))}
          </ul>
        </section>
      ))}
      {query.isSuccess && rows.length === 0 && <p className="side-empty">{emptyWords(q, t)}</p>}
      {query.hasNextPage && (
        <button
          type="button"
          className="btn btn-small mt-3 w-full"
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? t.nav.loading : t.nav.older}
        </button>
      )}
    </div>
  );
}

const emptyWords = (q: string, t: Messages): string => (q ? t.nav.searchNone : t.nav.empty);

function grouped(
  rows: readonly Conversation[],
  name: (row: Conversation) => string,
): [string, Conversation[]][] {
  const groups = new Map<string, Conversation[]>();
  const seen = new Set<string>();
  for (const row of rows) {
    // Pages are cut by time while people talk: a row may stand on two of them.
    if (seen.has(row.id)) continue;
    seen.add(row.id);
    const group = name(row);
    groups.set(group, [...(groups.get(group) ?? []), row]);
  }
  return [...groups];
}

/** The day changes under an open page: at midnight, and while the machine sleeps. */
function useToday(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const refresh = (): void =>
      setNow((before) => (new Date().toDateString() === before.toDateString() ? before : new Date()));
    const timer = setInterval(refresh, 60_000);
    document.addEventListener("visibilitychange", refresh);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", refresh);
    };
  }, []);
  return now;
}
