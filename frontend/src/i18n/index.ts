import type { Localized } from "../api/shapes";
import { createCell, useCell } from "../cell";
import type { Refusal } from "../thread";
import { TEXT_LIMIT } from "../wire";
import { en } from "./en";
import { type Messages, zh } from "./zh";

export type { Messages } from "./zh";
export const LOCALES = ["zh", "en"] as const;
export type Locale = (typeof LOCALES)[number];

const dictionaries: Record<Locale, Messages> = { zh, en };

export const asLocale = (word: string | null | undefined): Locale | null =>
  LOCALES.find((known) => word?.toLowerCase().startsWith(known)) ?? null;

export const locale = createCell<Locale>("zh");
export const useLocale = (): Locale => useCell(locale);
export const useT = (): Messages => dictionaries[useLocale()];
export const texts = (): Messages => dictionaries[locale.get()];

export const inLocale = (text: Localized, to: Locale): string => text[to] || text.zh || text.en;
export const formatNumber = (n: number, to: Locale): string => new Intl.NumberFormat(to).format(n);

const param = (refusal: Refusal, name: string): string => {
  const value = refusal.params?.[name];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
};

const SOON: Record<Locale, string> = { zh: "稍后", en: "soon" };
const A_FEW: Record<Locale, string> = { zh: "几", en: "a few" };

function resetAt(value: string, to: Locale): string {
  const at = new Date(value);
  if (Number.isNaN(at.getTime())) return SOON[to];
  const format = new Intl.DateTimeFormat(to, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
  return to === "en" ? `on ${format.format(at)}` : `${format.format(at)} `;
}

const LEFT: Record<Locale, (n: number, unit: "minute" | "hour" | "day") => string> = {
  zh: (n, unit) => `，还有 ${n} ${{ minute: "分钟", hour: "小时", day: "天" }[unit]}`,
  en: (n, unit) => `, ${new Intl.RelativeTimeFormat("en").format(n, unit)}`,
};
const AN_HOUR = 60;
const A_DAY = 24 * AN_HOUR;

function left(value: string, now: number, to: Locale): string {
  const minutes = Math.ceil((Date.parse(value) - now) / 60_000);
  if (!(minutes > 0)) return "";
  if (minutes < AN_HOUR) return LEFT[to](minutes, "minute");
  if (minutes < 2 * A_DAY) return LEFT[to](Math.round(minutes / AN_HOUR), "hour");
  return LEFT[to](Math.round(minutes / A_DAY), "day");
}

/** One sentence: what happened, what is safe, what to do. */
export function errorSentence(refusal: Refusal, to: Locale, now = Date.now()): string {
  const { code, retryAfterS } = refusal;
  const over = Number(param(refusal, "length")) - (Number(param(refusal, "limit")) || TEXT_LIMIT);
  const ref = param(refusal, "ref");
  return dictionaries[to].errors[code]({
    seconds: retryAfterS === undefined ? A_FEW[to] : formatNumber(Math.ceil(retryAfterS), to),
    resetAt: resetAt(param(refusal, "resets_at"), to),
    left: left(param(refusal, "resets_at"), now, to),
    limit: param(refusal, "limit"),
    over: formatNumber(Math.max(over, 0) || 0, to),
    ref: ref && (to === "zh" ? `编号 ${ref}` : `Ref ${ref}`),
  });
}
