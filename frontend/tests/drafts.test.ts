import { afterEach, expect, test, vi } from "vitest";
import { createDrafts, type Draft, OFF_DISK } from "../src/drafts";
import { behind, type Keep, keepName, memoryKeep } from "../src/keep";
import { whenLeaving } from "../src/leaving";

afterEach(() => vi.restoreAllMocks());

const draft = (id: string, text: string, at = 1): Draft => ({ id, text, start: 0, end: 0, at });

test("words typed as a guest go along into the account", async () => {
  const drafts = createDrafts();
  drafts.set(draft("new:", "帮我写"));
  const mine = memoryKeep();
  await drafts.moveTo(mine, { keepMine: true });
  expect(drafts.get("new:")?.text).toBe("帮我写");
  expect(await mine.all("drafts")).toHaveLength(1);
});

test("another person never sees them", async () => {
  const drafts = createDrafts();
  drafts.set(draft("new:", "李的话"));
  const wang = memoryKeep();
  await drafts.moveTo(wang, { keepMine: false });
  expect(drafts.get("new:")).toBeUndefined();
  expect(await wang.all("drafts")).toEqual([]);
});

test("the newer of two drafts wins", async () => {
  const drafts = createDrafts();
  drafts.set(draft("c", "旧", 1));
  const keep = memoryKeep();
  await keep.put("drafts", draft("c", "新", 2));
  await drafts.moveTo(keep, { keepMine: true });
  expect(drafts.get("c")?.text).toBe("新");
});

test("what was sent is gone from the disk too", async () => {
  const keep = memoryKeep();
  const drafts = createDrafts();
  await drafts.moveTo(keep, { keepMine: true });
  drafts.set(draft("c", "发了"));
  drafts.drop("c");
  expect(await keep.all("drafts")).toEqual([]);
});

test("what is carried to another place goes under what stands there, and from its own", async () => {
  const keep = memoryKeep();
  const drafts = createDrafts();
  await drafts.moveTo(keep, { keepMine: true });
  drafts.set(draft("new:write", "早先的"));
  drafts.set(draft("c", "写到一半"));
  drafts.carry("c", "new:write", "放回来的");
  const whole = "早先的\n\n写到一半\n\n放回来的";
  expect(await keep.all("drafts")).toMatchObject([{ id: "new:write", text: whole, start: whole.length }]);
});

test("the database of a person does not show their address", () => {
  expect(keepName("li@example.com")).not.toContain("li");
  expect(keepName("li@example.com")).not.toBe(keepName("wang@example.com"));
});

test("what is typed into a temporary conversation never reaches the disk", async () => {
  const keep = memoryKeep();
  const drafts = createDrafts();
  await drafts.moveTo(keep, { keepMine: true });
  drafts.set(draft(OFF_DISK, "别留下"));
  drafts.write();
  await drafts.moveTo(keep, { keepMine: true });
  expect(drafts.get(OFF_DISK)?.text).toBe("别留下");
  expect(await keep.all("drafts")).toEqual([]);
});

test.each([
  ["closed", window, "pagehide", "visible"],
  ["left in the background", document, "visibilitychange", "hidden"],
] as const)("what was just typed is on disk when the page is %s", async (_, target, event, visibility) => {
  const keep = memoryKeep();
  const drafts = createDrafts();
  await drafts.moveTo(keep, { keepMine: true });
  whenLeaving(drafts.write);
  drafts.set(draft("c", "刚写下"));
  expect(await keep.all("drafts")).toEqual([]);
  vi.spyOn(document, "visibilityState", "get").mockReturnValue(visibility);
  target.dispatchEvent(new Event(event));
  expect(await keep.all<Draft>("drafts")).toMatchObject([{ id: "c", text: "刚写下" }]);
});

test("what is typed while the disk is slow to open is on it in the end", async () => {
  let open: (disk: Keep) => void = () => undefined;
  const drafts = createDrafts();
  await drafts.moveTo(behind(new Promise((resolve) => (open = resolve))), { keepMine: true });
  drafts.set(draft("c", "等磁盘"));
  drafts.write();
  const disk = memoryKeep();
  open(disk);
  await vi.waitFor(async () => expect(await disk.all("drafts")).toHaveLength(1));
});
