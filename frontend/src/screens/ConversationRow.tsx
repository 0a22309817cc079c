import { useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { announcer } from "../announce";
import { Refused } from "../api/client";
import {
  deleteConversation,
  patchConversation,
  refreshConversations,
  renameConversation,
} from "../api/queries";
import type { Conversation } from "../api/shapes";
import { errorSentence, useLocale, useT } from "../i18n";
import { composing } from "../ime";
import { drafts } from "../live";
import { ConfirmDialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { Menu } from "../ui/Menu";

export function ConversationRow({ row, current }: { row: Conversation; current: boolean }) {
  const t = useT();
  const locale = useLocale();
  const [, go] = useLocation();
  const [renaming, setRenaming] = useState(false);
  const [removing, setRemoving] = useState(false);
  const title = row.title || t.nav.untitled;
  const link = useRef<HTMLAnchorElement>(null);

  const failed = (error: unknown): void => {
    void refreshConversations();
    announcer.say(
      "row",
      errorSentence({ code: error instanceof Refused ? error.code : "internal" }, locale),
      "alert",
    );
  };
  const rename = (next: string): void => {
    setRenaming(false);
    requestAnimationFrame(() => link.current?.focus());
    if (!next || next === row.title) return;
    patchConversation(row.id, { title: next });
    renameConversation(row.id, next).catch(failed);
  };
  const remove = (): void => {
    setRemoving(false);
    patchConversation(row.id, null);
    drafts.drop(row.id);
    if (current) go("/");
    deleteConversation(row.id).catch(failed);
  };

  return (
    <li className="row" data-current={current || undefined}>
      {renaming ? (
        <RenameField title={title} onDone={rename} />
      ) : (
        <>
          <Link
            ref={link}
            href={`/c/${row.id}`}
            title={title}
            aria-current={current ? "page" : undefined}
            onKeyDown={(event: React.KeyboardEvent) => {
              if (event.key === "F2") setRenaming(true);
              if (event.key === "Delete") setRemoving(true);
            }}
          >
            {title}
          </Link>
          {row.active && (
            <span className="live-dot" title={t.nav.live}>
              <span className="visually-hidden">{t.nav.live}</span>
            </span>
          )}
          <Menu
            className="icon-btn"
            label={t.nav.more(title)}
            items={[
              { label: t.nav.rename, icon: "edit", onSelect: () => setRenaming(true) },
              { label: t.nav.remove, icon: "trash", danger: true, onSelect: () => setRemoving(true) },
            ]}
          >
            <Icon name="more" size={18} />
          </Menu>
        </>
      )}
      {removing && (
        <ConfirmDialog
          title={t.remove.title}
          body={t.remove.body(title)}
          confirm={t.remove.confirm}
          cancel={t.remove.cancel}
          onConfirm={remove}
          onClose={() => setRemoving(false)}
        />
      )}
    </li>
  );
}

function RenameField({ title, onDone }: { title: string; onDone: (title: string) => void }) {
  const t = useT();
  const [text, setText] = useState(title);
  // Esc unmounts the field, which blurs it: what was given up must not be saved by the blur.
  const over = useRef(false);
  const done = (result: string): void => {
    if (over.current) return;
    over.current = true;
    onDone(result);
  };
  return (
    <input
      ref={(input) => {
        if (!input || input.dataset.ready) return;
        input.dataset.ready = "yes";
        input.focus();
        input.select();
      }}
      aria-label={t.nav.renameField}
      value={text}
      maxLength={200}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => done(text.trim())}
      onKeyDown={(event) => {
        if (composing(event)) return;
        if (event.key === "Enter") done(text.trim());
        if (event.key === "Escape") done("");
      }}
    />
  );
}
