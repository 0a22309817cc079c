/** Days as people count them: by the local calendar, not by hours passed. */
import type { Locale, Messages } from "./i18n";

const startOfDay = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

export function daysAgo(at: Date, now: Date): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
}

export function dayGroup(iso: string, now: Date, t: Messages, locale: Locale): string {
  const at = new Date(iso);
  const days = daysAgo(at, now);
  if (days <= 0) return t.days.today;
  if (days === 1) return t.days.yesterday;
  if (days <= 7) return t.days.week;
  if (days <= 30) return t.days.month;
  const sameYear = at.getFullYear() === now.getFullYear();
  return new Intl.DateTimeFormat(
    locale,
    sameYear ? { month: "long" } : { year: "numeric", month: "long" },
  ).format(at);
}

/** The time of today, the day of any other. */
export function when(iso: string, locale: Locale): string {
  const at = new Date(iso);
  const today = daysAgo(at, new Date()) <= 0;
  const sameYear = at.getFullYear() === new Date().getFullYear();
  return new Intl.DateTimeFormat(
    locale,
    today
      ? { hour: "2-digit", minute: "2-digit" }
      : { month: "short", day: "numeric", ...(sameYear ? {} : { year: "numeric" }) },
  ).format(at);
}

export type Greeting = keyof Messages["greeting"];

export function greetingAt(hour: number): Greeting {
  if (hour < 5) return "night";
  if (hour < 11) return "morning";
  if (hour < 13) return "noon";
  if (hour < 18) return "afternoon";
  return hour < 23 ? "evening" : "night";
}
