import { useLayoutEffect, useRef, useState } from "react";
import { Link } from "wouter";
import type { Conversation } from "../api/shapes";
import { useCell } from "../cell";
import { useT } from "../i18n";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { unread } from "../unread";
import { RenameField } from "./RenameField";
import { useRowActions } from "./useRowActions";

/** A row that is pinned goes to another group, and is another element there: the focus goes with it. */
let moving: string | null = null;

export function ConversationRow({ row, current }: { row: Conversation; current: boolean }) {
  const t = useT();
  const [renaming, setRenaming] = useState(false);
  const link = useRef<HTMLAnchorElement>(null);
  const actions = useRowActions(row, { current });
  const title = row.title || t.nav.untitled;

  // biome-ignore lint/correctness/useExhaustiveDependencies: where it stands goes by whether it is pinned
  useLayoutEffect(() => {
    if (moving !== row.id) return;
    moving = null;
    link.current?.focus();
  }, [row.id, row.pinned]);

  const goes = (act: () => void): void => {
    focusAfter(link.current);
    act();
  };
  if (renaming) {
    return (
      <li className="row" data-current={current || undefined}>
        <RenameField
          title={title}
          onDone={(next) => {
            setRenaming(false);
            requestAnimationFrame(() => link.current?.focus());
            actions.rename(next);
          }}
        />
      </li>
    );
  }
  return (
    <li
      className="row"
      data-current={current || undefined}
      onContextMenu={(event) => {
        // Shift+F10 and a long press come as this event too.
        event.preventDefault();
        event.currentTarget.querySelector<HTMLElement>("[aria-haspopup=menu]")?.click();
      }}
    >
      <Link
        ref={link}
        href={`/c/${row.id}`}
        title={title}
        aria-current={current ? "page" : undefined}
        onKeyDown={(event: React.KeyboardEvent) => {
          if (event.key === "F2") setRenaming(true);
          if (event.key === "Delete") goes(actions.remove);
        }}
      >
        {title}
      </Link>
      <Dot row={row} current={current} />
      <Menu
        className="icon-btn"
        label={t.nav.more(title)}
        items={[
          { label: t.nav.rename, icon: "edit", onSelect: () => setRenaming(true) },
          {
            label: row.pinned ? t.nav.unpin : t.nav.pin,
            icon: "pin",
            onSelect: () => {
              actions.pin(!row.pinned);
              moving = row.id;
            },
          },
          {
            label: row.archived ? t.nav.unarchive : t.nav.archive,
            icon: "archive",
            onSelect: () => goes(() => actions.archive(!row.archived)),
          },
          { label: t.nav.remove, icon: "trash", danger: true, onSelect: () => goes(actions.remove) },
        ]}
      >
        <Icon name="more" size={18} />
      </Menu>
    </li>
  );
}

/** An answer is being written, or came to its end unseen. */
function Dot({ row, current }: { row: Conversation; current: boolean }) {
  const t = useT();
  const due = useCell(unread).has(row.id);
  const isUnread = (row.unread || due) && !current;
  if (!row.active && !isUnread) return null;
  const words = row.active ? t.nav.live : t.nav.unread;
  return (
    <span className={row.active ? "live-dot" : "unread-dot"} title={words}>
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

/** A row that goes gives the focus to the next one, the one before it, or the button for a new conversation. */
function focusAfter(link: HTMLAnchorElement | null): void {
  const links = [...document.querySelectorAll<HTMLElement>(".side .row > a")];
  const at = links.indexOf(link as HTMLElement);
  (links[at + 1] ?? links[at - 1] ?? document.querySelector<HTMLElement>(".side-new"))?.focus();
}
