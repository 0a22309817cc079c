import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { createCell, useCell } from "../cell";
import { useT } from "../i18n";
import { setSidebarOpen, sidebarOpen } from "../prefs";
import { IconButton } from "../ui/IconButton";
import { useWide } from "../ui/useMedia";

/** The drawer of narrow screens; unlike the sidebar of wide ones it is never remembered. */
export const drawerOpen = createCell(false);

export function Bar({ title, children }: { title: string; children?: ReactNode }) {
  const t = useT();
  const wide = useWide();
  const open = useCell(sidebarOpen);
  const [, go] = useLocation();
  return (
    <header className="bar">
      {wide && !open && (
        <IconButton name="sidebar" label={t.nav.openSidebar} onClick={() => setSidebarOpen(true)} />
      )}
      {!wide && <IconButton name="menu" label={t.nav.openSidebar} onClick={() => drawerOpen.set(true)} />}
      <div className="title">{title}</div>
      {children}
      {(!wide || !open) && <IconButton name="plus" label={t.nav.newChat} onClick={() => go("/")} />}
    </header>
  );
}
