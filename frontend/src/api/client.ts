/** REST with the session cookie. What goes wrong comes out as one `Refused` with a code of the protocol. */
import { Mismatch, type Parse } from "../shape";
import { type Code, code as parseCode } from "../wire";
import { me as meShape } from "./shapes";

export class Refused extends Error {
  constructor(
    readonly code: Code,
    readonly status: number,
    readonly params: Record<string, unknown> = {},
  ) {
    super(code);
  }
}

let csrf = "";
let onSignedOut: () => void = () => undefined;

export const setCsrf = (token: string): void => {
  csrf = token;
};
export const whenSignedOut = (run: () => void): void => {
  onSignedOut = run;
};

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export async function fetchJson(path: string, method: Method = "GET", body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") headers["X-CSRFToken"] = csrf;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method,
      headers,
      credentials: "same-origin",
      // What is said on the way out of the page must still arrive. A browser takes 64 KB of it: more than any of ours.
      keepalive: method !== "GET",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Refused("unavailable", 0);
  }
}

export async function request<T>(
  path: string,
  parse: Parse<T>,
  method: Method = "GET",
  body?: unknown,
): Promise<T> {
  let response = await fetchJson(path, method, body);
  if (response.status === 403 && method !== "GET") {
    // Signed in again in another tab: this one still has the old token.
    await readMe();
    response = await fetchJson(path, method, body);
  }
  if (!response.ok) throw await refusal(response);
  if (response.status === 204) return parse(undefined);
  try {
    return parse(await response.json());
  } catch (error) {
    throw error instanceof Mismatch ? new Refused("internal", response.status, { ref: error.field }) : error;
  }
}

const BY_STATUS: Readonly<Record<number, Code>> = {
  401: "session_expired",
  404: "not_found",
  409: "conflict",
  413: "too_large",
  429: "rate_limited",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};

async function refusal(response: Response): Promise<Refused> {
  const said: unknown = await response.json().catch(() => null);
  const named =
    typeof said === "object" && said !== null && "code" in said ? parseCode(said.code) : undefined;
  const params =
    typeof said === "object" && said !== null && "params" in said && typeof said.params === "object"
      ? { ...said.params }
      : {};
  const code = named ?? BY_STATUS[response.status] ?? "internal";
  if (code === "session_expired") onSignedOut();
  return new Refused(code, response.status, params);
}

/** The token changes with every sign-in; whoever reads this object also takes the new one. */
export async function readMe() {
  const me = await request("/api/me/", meShape);
  setCsrf(me.csrf);
  return me;
}
