import { expect, test } from "vitest";
import { conversationsQuery, queryClient } from "../src/api/queries";
import type { Conversation } from "../src/api/shapes";
import { memoryKeep } from "../src/keep";
import { createOutbox } from "../src/outbox";
import { receive } from "../src/receive";
import { createStore } from "../src/store";
import { markUnread, unread } from "../src/unread";

const row: Conversation = {
  id: "c",
  title: "周报",
  scenario: "",
  created_at: "",
  updated_at: "",
  active: null,
  pinned: false,
  archived: false,
  unread: true,
};

test("what was read in another tab loses its dot here, and no list is asked for again", () => {
  const list = conversationsQuery("all").queryKey;
  queryClient.setQueryData(list, {
    pages: [{ next: null, previous: null, results: [row, { ...row, id: "d" }] }],
    pageParams: [""],
  });
  for (const id of ["c", "d"]) markUnread(id);
  const outbox = createOutbox({ keep: memoryKeep(), send: () => true, after: () => () => undefined });
  const store = createStore(() => undefined);
  receive({ type: "changed", conversation: "c", unread: false }, { store, outbox });
  expect([...unread.get()]).toEqual(["d"]);
  const rows = queryClient.getQueryData(list)?.pages.flatMap((page) => page.results) ?? [];
  expect(rows.map((it) => it.unread)).toEqual([false, true]);
  expect(queryClient.getQueryState(list)?.isInvalidated).toBe(false);
  expect(store.get("c")).toBeUndefined();
});
