/** django-allauth headless, browser client. Its errors are `{"errors": [{message, code, param}]}`. */
import { list, optional, type Parsed, shape, str } from "../shape";
import { fetchJson, Refused, readMe } from "./client";

const problem = shape({ code: str, message: optional(str), param: optional(str) });
export type Problem = Parsed<typeof problem>;
const problems = shape({ errors: list(problem) });

export type Outcome =
  | { type: "in" }
  /** The account exists, and waits for a click in a mail. */
  | { type: "confirm_email" }
  | { type: "problems"; problems: Problem[] };

const BASE = "/_allauth/browser/v1/auth";

async function enter(path: "login" | "signup", email: string, password: string): Promise<Outcome> {
  const response = await fetchJson(`${BASE}/${path}`, "POST", { email, password });
  // 409: this browser is signed in already, perhaps by another tab.
  if (response.ok || response.status === 409) return { type: "in" };
  if (response.status === 401) return { type: "confirm_email" };
  if (response.status === 429) throw new Refused("rate_limited", 429);
  if (response.status >= 500) throw new Refused("unavailable", response.status);
  const said: unknown = await response.json().catch(() => null);
  try {
    return { type: "problems", problems: problems(said).errors };
  } catch {
    throw new Refused(response.status === 403 ? "conflict" : "internal", response.status);
  }
}

/** A page left open for long holds an old CSRF token: it is read anew before the form is sent. */
export async function signIn(email: string, password: string): Promise<Outcome> {
  await readMe();
  return enter("login", email, password);
}

export async function signUp(email: string, password: string): Promise<Outcome> {
  await readMe();
  return enter("signup", email, password);
}

/** allauth answers 401 to say "now signed out". */
export async function signOut(): Promise<void> {
  const response = await fetchJson(`${BASE}/session`, "DELETE");
  if (!response.ok && response.status !== 401) throw new Refused("unavailable", response.status);
}
