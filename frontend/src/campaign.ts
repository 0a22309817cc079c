/** The campaign whose link brought somebody here: kept until they are signed in, so that it can be told who it was. */
import { reporter } from "./report";

const KEY = "campaign";
const LONGEST = 40;

/** Only the first one: whoever comes again was brought by the one before. */
export function keepCampaign(search: string): void {
  const asked = new URLSearchParams(search);
  const slug = slugOf(asked.get("utm_campaign") ?? asked.get("campaign") ?? "");
  try {
    if (slug && localStorage.getItem(KEY) === null) localStorage.setItem(KEY, slug);
  } catch {
    // A browser that keeps nothing: then nobody is told.
  }
}

/** Of the person who is signed in now. The server knows whether they are new. */
export function tellCampaign(tell = reporter.tell.bind(reporter)): void {
  try {
    const campaign = localStorage.getItem(KEY);
    if (campaign) tell({ kind: "acquired", campaign });
    localStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}

const slugOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .slice(0, LONGEST)
    .replace(/^-+|-+$/g, "");
