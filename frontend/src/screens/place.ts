/** Where the page is, from its address. */
export type Place =
  | { kind: "new"; scenario: string }
  | { kind: "conversation"; id: string }
  | { kind: "temporary" }
  | { kind: "signin" }
  | { kind: "signup" }
  | { kind: "unknown" };

const ID = /^\/c\/([0-9a-f-]{36})\/?$/i;
const SCENARIO = /^\/s\/([a-z0-9_-]+)\/?$/;

export function placeOf(path: string): Place {
  if (path === "/t" || path === "/t/") return { kind: "temporary" };
  if (path === "/") return { kind: "new", scenario: "" };
  const conversation = ID.exec(path)?.[1];
  if (conversation) return { kind: "conversation", id: conversation.toLowerCase() };
  const scenario = SCENARIO.exec(path)?.[1];
  if (scenario) return { kind: "new", scenario };
  if (path === "/signin" || path === "/signin/") return { kind: "signin" };
  if (path === "/signup" || path === "/signup/") return { kind: "signup" };
  return { kind: "unknown" };
}

/** Only a path of this site may be gone to after signing in. */
export function nextPath(search: string): string {
  const next = new URLSearchParams(search).get("next") ?? "/";
  return /^\/(?![/\\])/.test(next) ? next : "/";
}
