import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { conversationsQuery } from "../api/queries";
import type { Conversation } from "../api/shapes";
import { dayGroup } from "../days";
import { useLocale, useT } from "../i18n";
import { ConversationRow } from "./ConversationRow";

export function ConversationList({ current }: { current: string | null }) {
  const t = useT();
  const locale = useLocale();
  const now = useToday();
  const [archive, setArchive] = useState(false);
  const query = useInfiniteQuery(conversationsQuery(archive ? "archived" : "all"));
  const pinned = useInfiniteQuery({ ...conversationsQuery("pinned"), enabled: !archive });
  const rows = query.data?.pages.flatMap((page) => page.results) ?? [];
  const above = archive ? [] : (pinned.data?.pages.flatMap((page) => page.results) ?? []);
  // What was pinned just now is on top before the shelf of pinned ones has been read again.
  const first = archive ? [] : rows.filter((row) => row.pinned);
  const groups = grouped([...above, ...first, ...rows], (row) =>
    row.pinned && !archive ? t.days.pinned : dayGroup(row.updated_at, now, t, locale),
  );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows are a shorter way between links that Tab reaches too
    <div className="side-list" onKeyDown={move}>
      {archive && <p className="side-shelf">{t.nav.archiveTitle}</p>}
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
      {query.isSuccess && groups.length === 0 && (
        <p className="side-empty">{archive ? t.nav.archiveEmpty : t.nav.empty}</p>
      )}
      {query.hasNextPage && (
        <button
          type="button"
          className="btn btn-small mt-3 w-full"
          onClick={() => void query.fetchNextPage()}
        >
          {query.isFetchingNextPage ? t.nav.loading : t.nav.older}
        </button>
      )}
      {(query.isFetched || archive) && (
        <button type="button" className="side-archive" onClick={() => setArchive(!archive)}>
          {archive ? t.nav.archiveLeave : t.nav.archiveTitle}
        </button>
      )}
    </div>
  );
}

function move(event: React.KeyboardEvent<HTMLElement>): void {
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>(".row > a")];
  const at = links.indexOf(document.activeElement as HTMLElement);
  if (at < 0) return;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  links[to]?.focus();
}

function grouped(
  rows: readonly Conversation[],
  name: (row: Conversation) => string,
): [string, Conversation[]][] {
  const groups = new Map<string, Conversation[]>();
  const seen = new Set<string>();
  for (const row of rows) {
    // Pages are cut by time while people talk, and pinned ones stand on two shelves.
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
