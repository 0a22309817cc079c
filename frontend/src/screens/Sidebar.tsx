import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link, useLocation } from "wouter";
import { catalogQuery } from "../api/queries";
import { useCell } from "../cell";
import { inLocale, useLocale, useT } from "../i18n";
import { onMac } from "../keys";
import { session } from "../live";
import { searchOpen, settingsOpen } from "../overlays";
import { setSidebarOpen, sidebarOpen } from "../prefs";
import { Dialog } from "../ui/Dialog";
import { Icon, Mark, ScenarioIcon } from "../ui/Icon";
import { IconButton } from "../ui/IconButton";
import { Toasts } from "../ui/Toast";
import { useWide } from "../ui/useMedia";
import { drawerOpen } from "./Bar";
import { ConversationList } from "./ConversationList";
import type { Place } from "./place";

export function Sidebar({ place }: { place: Place }) {
  const t = useT();
  const wide = useWide();
  const open = useCell(sidebarOpen);
  const drawer = useCell(drawerOpen);
  const [path] = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the drawer
  useEffect(() => drawerOpen.set(false), [path, wide]);

  if (wide) return open ? <SidebarBody place={place} onClose={() => setSidebarOpen(false)} /> : null;
  if (!drawer) return null;
  return (
    <Dialog title={t.nav.conversations} hideTitle className="drawer" onClose={() => drawerOpen.set(false)}>
      <SidebarBody place={place} onClose={() => drawerOpen.set(false)} />
      {/* The page behind is inert: what can be undone here is undone here. */}
      <Toasts />
    </Dialog>
  );
}

function SidebarBody({ place, onClose }: { place: Place; onClose: () => void }) {
  const t = useT();
  const locale = useLocale();
  const wide = useWide();
  const now = useCell(session);
  const catalog = useQuery(catalogQuery);
  const here = place.kind === "new" ? place.scenario : null;

  return (
    <nav className="side" aria-label={t.nav.conversations}>
      <div className="side-head">
        <Link href="/" className="brand">
          <Mark size={22} />
          {t.brand}
        </Link>
        <IconButton name={wide ? "sidebar" : "close"} label={t.nav.closeSidebar} onClick={onClose} />
      </div>
      <Link href="/" className="side-new">
        <Icon name="plus" />
        {t.nav.newChat}
      </Link>
      <button
        type="button"
        className="side-search"
        aria-haspopup="dialog"
        aria-keyshortcuts={onMac() ? "Meta+K" : "Control+K"}
        onClick={() => {
          drawerOpen.set(false);
          searchOpen.set(true);
        }}
      >
        <Icon name="search" size={18} />
        {t.nav.search}
        {wide && <kbd>{onMac() ? "⌘K" : "Ctrl K"}</kbd>}
      </button>
      <ul className="side-scenarios" aria-label={t.nav.scenarios}>
        {catalog.data?.scenarios.map((it) => (
          <li key={it.slug}>
            <Link href={`/s/${it.slug}`} aria-current={it.slug === here ? "page" : undefined}>
              <ScenarioIcon slug={it.slug} icon={it.icon} size={18} />
              <span>{inLocale(it.name, locale)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {now.type === "out" ? (
        <div className="side-list">
          <p className="side-empty">{t.nav.signInHint}</p>
        </div>
      ) : (
        <ConversationList current={place.kind === "conversation" ? place.id : null} />
      )}
      <div className="side-foot">
        {now.type === "out" ? (
          <Link href="/signin" className="btn btn-primary flex-1">
            {t.auth.signIn}
          </Link>
        ) : (
          <>
            <span className="seal" aria-hidden="true">
              {[...(now.user.name || now.user.email)][0]?.toUpperCase()}
            </span>
            <span className="who">{now.user.name || now.user.email}</span>
          </>
        )}
        <IconButton
          name="settings"
          label={t.settings.open}
          aria-haspopup="dialog"
          onClick={() => {
            drawerOpen.set(false);
            settingsOpen.set(true);
          }}
        />
      </div>
    </nav>
  );
}
