import type { ReactNode } from "react";
import { leaving, safeUrl, trustedHosts } from "./links";

/** A real link: middle click and Ctrl work as everywhere. A plain click on another host asks first. */
export function SafeLink({ href, children }: { href?: string; children: ReactNode }) {
  const url = safeUrl(href);
  if (!url) return <span>{children}</span>;
  const asks = url.protocol !== "mailto:" && url.host !== location.host;
  return (
    <a
      href={url.href}
      target="_blank"
      rel="noopener noreferrer nofollow ugc"
      onClick={(event) => {
        if (!asks || trustedHosts.has(url.host) || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        leaving.set(url);
      }}
    >
      {children}
    </a>
  );
}
