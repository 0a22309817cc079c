import { beforeEach, expect, test, vi } from "vitest";
import { announcer, layRegions } from "../src/announce";
import { memoryKeep } from "../src/keep";
import { createOutbox } from "../src/outbox";
import { receive } from "../src/receive";
import { createStore } from "../src/store";
import { say } from "./cast";

const store = createStore(() => undefined);
const outbox = createOutbox({ keep: memoryKeep(), send: () => true, after: () => () => undefined });
const region = (): HTMLElement | null => document.getElementById("say");

beforeEach(() => {
  document.body.innerHTML = "";
});

test("that something was refused is told once, when it happens", async () => {
  store.dispatch("c", say());
  receive(
    { type: "error", id: "op1", code: "queue_full", retry_after_s: 9.2, params: {} },
    { store, outbox },
  );
  await vi.waitFor(() => expect(region()?.textContent).toContain("你的话已留着，10 秒后可再试"));
});

test("what is told while a dialog is open is told in it, for the page behind it is not heard", async () => {
  const dialog = document.body.appendChild(document.createElement("dialog"));
  dialog.setAttribute("open", "");
  layRegions();
  announcer.say("settings", "已保存");
  await vi.waitFor(() => expect(region()?.textContent).toBe("已保存"), { timeout: 3000 });
  expect(region()?.parentElement).toBe(dialog);
  dialog.removeAttribute("open");
  layRegions();
  announcer.say("copy", "已复制");
  await vi.waitFor(() => expect(region()?.textContent).toBe("已复制"), { timeout: 3000 });
  expect(region()?.parentElement).toBe(document.body);
});
