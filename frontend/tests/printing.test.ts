import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { queryClient } from "../src/api/queries";
import { readWhole } from "../src/earlier";
import { store } from "../src/live";

/** A conversation of 250 messages on a server that gives a hundred at a time, and may be gone after some of them. */
let asked: string[];
let answers: number;

const page = (before: number) => {
  const first = Math.max(1, before - 100);
  return {
    id: "c",
    title: "",
    scenario: "",
    created_at: "",
    updated_at: "",
    pinned: false,
    archived: false,
    unread: false,
    active: null,
    older: first > 1 ? `m${first}` : null,
    messages: Array.from({ length: before - first }, (_, at) => ({
      id: `m${first + at}`,
      parent: first + at > 1 ? `m${first + at - 1}` : null,
      role: (first + at) % 2 ? ("user" as const) : ("assistant" as const),
      text: `${first + at}`,
      created_at: new Date((first + at) * 1000).toISOString(),
      generations: [],
    })),
  };
};

beforeEach(() => {
  asked = [];
  answers = Number.POSITIVE_INFINITY;
  store.clear();
  queryClient.clear();
  vi.stubGlobal("fetch", async (path: string) => {
    asked.push(path);
    if (asked.length > answers) return Response.json({ code: "not_found", params: {} }, { status: 404 });
    return Response.json(page(Number(/before=m(\d+)/.exec(path)?.[1] ?? 251)));
  });
  store.dispatch("c", { type: "loaded", thread: page(251) });
});
afterEach(() => vi.unstubAllGlobals());

const here = (): number => Object.keys(store.get("c")?.messages ?? {}).length;

test("what was said before the part that is here is read page after page", async () => {
  expect(here()).toBe(100);
  await readWhole("c");
  expect(here()).toBe(250);
  expect(asked).toHaveLength(2);
});

test("a page that cannot be read ends it: what is here is printed", async () => {
  answers = 1;
  await readWhole("c");
  expect(here()).toBe(200);
  expect(asked).toHaveLength(2);
});

test("what is here whole, and what is not open at all, is not asked for", async () => {
  await readWhole("c");
  asked = [];
  await readWhole("c");
  await readWhole("elsewhere");
  expect(asked).toEqual([]);
});
