import { useQuery } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { announcer } from "../announce";
import { Refused } from "../api/client";
import { conversationsQuery, queryClient, searchQuery } from "../api/queries";
import type { Hit, Part } from "../api/shapes";
import { when } from "../days";
import { errorSentence, useLocale, useT } from "../i18n";
import { composing } from "../ime";
import { searchOpen } from "../overlays";
import { inWords, searchable } from "../search";
import { Dialog } from "../ui/Dialog";
import { Icon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";

const SETTLE_MS = 200;
const RECENT = 8;

interface Option {
  href: string;
  title: readonly Part[];
  snippet: readonly Part[];
  at: string;
}

export default function SearchDialog() {
  const t = useT();
  const locale = useLocale();
  const [, go] = useLocation();
  const list = useId();
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim());
  const asks = searchable(q);
  const query = useQuery({ ...searchQuery(q), enabled: asks, placeholderData: (before) => before });
  // Until the first results are there the list stays as it was.
  const options = asks && !query.isPending ? (query.data?.results.map(fromHit) ?? []) : recent();
  const [at, setAt] = useState(0);
  const chosen = Math.min(at, options.length - 1);
  const close = (): void => searchOpen.set(false);
  const open = (option: Option | undefined): void => {
    if (!option) return;
    close();
    go(option.href);
  };

  const settled = asks && query.isSuccess && !query.isPlaceholderData;
  const count = settled ? query.data.results.length : null;
  useEffect(() => {
    if (count !== null) announcer.say("search", t.search.count(count));
  }, [count, t]);

  const key = (event: React.KeyboardEvent): void => {
    if (composing(event)) return;
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen - 1 }[event.key];
    if (to !== undefined && options.length) {
      event.preventDefault();
      setAt((to + options.length) % options.length);
    }
    if (event.key !== "Enter") return;
    // Closing gives the focus back to a button, which this same press would then press.
    event.preventDefault();
    open(options[chosen]);
  };

  return (
    <Dialog title={t.nav.search} hideTitle className="search" onClose={close}>
      <div className="search-field">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-label={t.nav.search}
          aria-expanded={options.length > 0}
          aria-controls={list}
          aria-activedescendant={options.length ? `${list}-${chosen}` : undefined}
          placeholder={t.search.placeholder}
          maxLength={100}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            setAt(0);
          }}
          onKeyDown={key}
        />
        <IconButton name="close" label={t.settings.close} onClick={close} />
      </div>
      <div id={list} role="listbox" aria-label={asks ? t.search.results : t.search.recent} className="hits">
        {options.map((option, index) => (
          <HitRow
            key={option.href}
            id={`${list}-${index}`}
            option={option}
            when={when(option.at, locale)}
            selected={index === chosen}
            onPoint={() => setAt(index)}
            onOpen={() => open(option)}
          />
        ))}
      </div>
      {count === 0 && <p className="search-none">{t.search.none(q)}</p>}
      {asks && query.isError && (
        <p className="search-none">
          {errorSentence({ code: query.error instanceof Refused ? query.error.code : "internal" }, locale)}
        </p>
      )}
      {!asks && <p className="search-hint">{t.search.hint}</p>}
    </Dialog>
  );
}

function HitRow({
  id,
  option,
  when,
  selected,
  onPoint,
  onOpen,
}: {
  id: string;
  option: Option;
  when: string;
  selected: boolean;
  onPoint: () => void;
  onOpen: () => void;
}) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (selected) row.current?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    // The field keeps the focus and the keys; a pointer presses the row itself.
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field opens the selected row
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant of the field names it
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={selected}
      className="hit"
      onPointerMove={onPoint}
      onClick={onOpen}
    >
      <span className="hit-title">
        <b>
          <Parts of={option.title} />
        </b>
        <time dateTime={option.at}>{when}</time>
      </span>
      {option.snippet.length > 0 && (
        <span className="hit-snippet">
          <Parts of={option.snippet} />
        </span>
      )}
    </div>
  );
}

const Parts = ({ of }: { of: readonly Part[] }) =>
  of.map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never move
    part.hit ? <mark key={index}>{part.text}</mark> : part.text,
  );

const fromHit = ({ conversation, message, title, snippet, at }: Hit): Option => ({
  href: message ? `/c/${conversation}?m=${message}` : `/c/${conversation}`,
  title,
  snippet: snippet.map(({ text, hit }) => ({ text: hit ? text : inWords(text), hit })),
  at,
});

/** Before anything is typed: where one last was, from the list that is there already. */
const recent = (): Option[] =>
  (queryClient.getQueryData(conversationsQuery("all").queryKey)?.pages[0]?.results ?? [])
    .slice(0, RECENT)
    .map(({ id, title, updated_at }) => ({
      href: `/c/${id}`,
      title: [{ text: title, hit: false }],
      snippet: [],
      at: updated_at,
    }));

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
