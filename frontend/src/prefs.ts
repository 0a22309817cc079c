/** Choices of this browser, not of the account: nothing personal, kept at sign-out. */
import { createCell } from "./cell";
import { asLocale, type Locale, locale } from "./i18n";

export type Look = "system" | "light" | "dark";
export const LOOKS = ["system", "light", "dark"] as const;

export const TEXT_SIZES = ["small", "standard", "large", "largest"] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export const readPref = (name: string): string | null => {
  try {
    return localStorage.getItem(`ui.${name}`);
  } catch {
    return null;
  }
};

export const writePref = (name: string, value: string): void => {
  try {
    localStorage.setItem(`ui.${name}`, value);
  } catch {
    // A browser that keeps nothing still works for this visit.
  }
};

/** The server paints the first frame from these cookies: no flash of the wrong language, look or greeting. */
const mirror = (name: string, value: string): void => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we serve
  document.cookie = `ui_${name}=${value}; path=/; max-age=31536000; samesite=lax`;
};

export const look = createCell<Look>("system");
export const sidebarOpen = createCell<boolean>(true);
export const enterSends = createCell<boolean>(true);
export const textSize = createCell<TextSize>("standard");

export function setLook(next: Look): void {
  writePref("theme", next);
  mirror("theme", next);
  document.documentElement.dataset.theme = next;
  look.set(next);
}

export function setLocale(next: Locale): void {
  writePref("locale", next);
  mirror("locale", next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
  locale.set(next);
}

export function setSidebarOpen(open: boolean): void {
  writePref("sidebar", open ? "open" : "closed");
  mirror("sidebar", open ? "open" : "closed");
  sidebarOpen.set(open);
}

export function setEnterSends(sends: boolean): void {
  writePref("enter", sends ? "send" : "break");
  enterSends.set(sends);
}

export function setTextSize(next: TextSize): void {
  writePref("text", next);
  mirror("text", next);
  document.documentElement.dataset.text = next;
  textSize.set(next);
}

export const thinkingChoice = (scenario: string): boolean | null => {
  const kept = readPref(`thinking.${scenario}`);
  return kept === null ? null : kept === "on";
};
export const keepThinking = (scenario: string, on: boolean): void =>
  writePref(`thinking.${scenario}`, on ? "on" : "off");
export const modelChoice = (): string | null => readPref("model");
export const keepModel = (slug: string): void => writePref("model", slug);

/** The browser's own choice first, then the account's, then what the server painted. */
export function readPrefs(account: string | undefined): void {
  const theme = readPref("theme");
  setLook(LOOKS.find((known) => known === theme) ?? "system");
  const text = readPref("text");
  setTextSize(TEXT_SIZES.find((known) => known === text) ?? "standard");
  const chosen =
    asLocale(readPref("locale")) ?? asLocale(account) ?? asLocale(document.documentElement.lang) ?? "zh";
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
  locale.set(chosen);
  mirror("zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  sidebarOpen.set(readPref("sidebar") !== "closed");
  enterSends.set(readPref("enter") !== "break");
}
