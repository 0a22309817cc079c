import { createCell } from "../cell";

/** The link a reader is about to leave by; the dialog that asks is drawn once, by the app. */
export const leaving = createCell<URL | null>(null);
export const trustedHosts = new Set<string>();

/** Only these leave the page; everything else stays inert text. */
export function safeUrl(href: string | undefined): URL | null {
  if (!href) return null;
  try {
    const url = new URL(href);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url : null;
  } catch {
    return null;
  }
}

export const openOutside = (url: URL): void => {
  window.open(url.href, "_blank", "noopener,noreferrer");
};
