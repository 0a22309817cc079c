import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { conversationsQuery } from "../api/queries";
import { when } from "../days";
import { useLocale, useT } from "../i18n";

const SHOWN = 3;

/** The conversations one was in last; nothing for who has none yet. */
export function LastTime() {
  const t = useT();
  const locale = useLocale();
  const rows = useInfiniteQuery(conversationsQuery("all")).data?.pages[0]?.results.slice(0, SHOWN) ?? [];
  if (rows.length === 0) return null;
  return (
    <div className="last-time">
      <h2>{t.home.lastTime}</h2>
      <ul>
        {rows.map(({ id, title, updated_at }) => (
          <li key={id}>
            <Link href={`/c/${id}`}>
              <span>{title || t.nav.untitled}</span>
              <time dateTime={updated_at}>{when(updated_at, locale)}</time>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
