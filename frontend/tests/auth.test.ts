import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { signIn, signOut, signUp } from "../src/api/auth";
import { Refused, request, whenSignedOut } from "../src/api/client";
import { str } from "../src/shape";

interface Asked {
  path: string;
  method: string;
  csrf: string | undefined;
  body: unknown;
}
let asked: Asked[];
let answers: Record<string, [number, unknown]>;

beforeEach(() => {
  asked = [];
  answers = { "/api/me/": [200, { csrf: "fresh", user: null }] };
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    const body: unknown = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    asked.push({ path, method: init.method ?? "GET", csrf: headers.get("X-CSRFToken") ?? undefined, body });
    const [status, json] = answers[path] ?? [200, {}];
    return new Response(status === 204 ? null : JSON.stringify(json), { status });
  });
});
afterEach(() => vi.unstubAllGlobals());

const LOGIN = "/_allauth/browser/v1/auth/login";
const SIGNUP = "/_allauth/browser/v1/auth/signup";
const SESSION = "/_allauth/browser/v1/auth/session";

test("signing in takes a fresh CSRF token first: the page may have stood open for days", async () => {
  answers[LOGIN] = [200, { status: 200 }];
  expect(await signIn("li@example.com", "secret-word")).toEqual({ type: "in" });
  expect(asked.at(-1)).toEqual({
    path: LOGIN,
    method: "POST",
    csrf: "fresh",
    body: { email: "li@example.com", password: "secret-word" },
  });
});

test("allauth's errors come out as they are, to be told in the reader's language", async () => {
  const errors = [{ message: "…", code: "email_password_mismatch", param: "password" }];
  answers[LOGIN] = [400, { status: 400, errors }];
  expect(await signIn("li@example.com", "wrong")).toEqual({ type: "problems", problems: errors });
});

test("an account that waits for its mail says so; one that is signed in already is in", async () => {
  answers[SIGNUP] = [401, { status: 401, data: { flows: [{ id: "verify_email", is_pending: true }] } }];
  expect(await signUp("wang@example.com", "secret-word")).toEqual({ type: "confirm_email" });
  answers[SIGNUP] = [409, { status: 409 }];
  expect(await signUp("wang@example.com", "secret-word")).toEqual({ type: "in" });
});

test("too many tries and a server that is away are refusals with a code", async () => {
  answers[LOGIN] = [429, {}];
  await expect(signIn("li@example.com", "x")).rejects.toMatchObject({ code: "rate_limited" });
  answers[LOGIN] = [503, {}];
  await expect(signIn("li@example.com", "x")).rejects.toMatchObject({ code: "unavailable" });
});

test("allauth answers a sign-out with 401, and that is a success", async () => {
  answers[SESSION] = [401, { status: 401 }];
  await expect(signOut()).resolves.toBeUndefined();
});

test("a session that ended is told once to whoever must know", async () => {
  const ended = vi.fn();
  whenSignedOut(ended);
  answers["/api/conversations/"] = [401, { code: "session_expired", params: {} }];
  await expect(request("/api/conversations/", str)).rejects.toMatchObject({ code: "session_expired" });
  expect(ended).toHaveBeenCalledOnce();
});

test("what the server sends in another shape is a fault, not a crash", async () => {
  answers["/api/x/"] = [200, { surprising: true }];
  await expect(request("/api/x/", str)).rejects.toBeInstanceOf(Refused);
});

test("a change with an old token is made with a new one, once: another tab signed in meanwhile", async () => {
  let refused = 0;
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (path === "/api/me/") return new Response(JSON.stringify({ csrf: "newer", user: null }));
    if (new Headers(init.headers).get("X-CSRFToken") === "newer") return new Response('"kept"');
    refused += 1;
    return new Response(JSON.stringify({ code: "not_found" }), { status: 403 });
  });
  expect(await request("/api/things/", str, "PATCH", {})).toBe("kept");
  expect(refused).toBe(1);
});
