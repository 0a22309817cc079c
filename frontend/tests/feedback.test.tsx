import { QueryClientProvider } from "@tanstack/react-query";
import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { catalogQuery, queryClient } from "../src/api/queries";
import { store } from "../src/live";
import { Feedback } from "../src/screens/Feedback";
import { useThread } from "../src/store";
import type { AnswerMessage } from "../src/thread";
import { accepted, finished, say, started } from "./cast";

const reason = (slug: string, en: string) => ({ slug, name: { zh: en, en } });

interface Said {
  method: string;
  body: unknown;
}
let server: Said[];
let status: number;
let root: Root;
let page: HTMLElement;

/** The answer as the thread has it, and its thumbs. */
function Row() {
  const answer = useThread(store, "c", (thread) => thread?.messages.a1) as AnswerMessage;
  return <Feedback conversation="c" answer="a1" rating={answer.rating} />;
}

const settle = (): Promise<void> => act(async () => void (await vi.dynamicImportSettled()));
const button = (name: string): HTMLButtonElement => {
  const found = [...page.querySelectorAll("button")].find(
    (it) => it.ariaLabel === name || it.getAttribute("aria-label") === name || it.textContent === name,
  );
  if (!found) throw new Error(`no button ${name}`);
  return found;
};
const press = async (name: string): Promise<void> => {
  await act(async () => button(name).click());
  await settle();
};
const panel = (): HTMLFormElement | null => page.querySelector("form");
const isPressed = (name: string): boolean => button(name).getAttribute("aria-pressed") === "true";

beforeEach(async () => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  server = [];
  status = 200;
  vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
    const body: unknown = init.body ? JSON.parse(String(init.body)) : null;
    server.push({ method: init.method ?? "", body });
    if (status >= 400) return new Response(JSON.stringify({ code: "unavailable", params: {} }), { status });
    return init.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(body);
  });
  // One paint per change, at once: what is tested here is not the frame it lands in.
  vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => {
    run(0);
    return 0;
  });
  queryClient.setQueryData(catalogQuery.queryKey, {
    models: [],
    reasons: [reason("inaccurate", "Not accurate"), reason("too-long", "Too long")],
    scenarios: [],
  });
  store.clear();
  for (const input of [say(), accepted(), started(), finished(1, "")]) store.dispatch("c", input);
  page = document.createElement("div");
  document.body.append(page);
  root = createRoot(page);
  await act(async () =>
    root.render(
      <QueryClientProvider client={queryClient}>
        <Row />
      </QueryClientProvider>,
    ),
  );
});

afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  vi.unstubAllGlobals();
});

const UP = "回答得好";
const DOWN = "回答得不好";

describe("a thumb", () => {
  test("up is pressed and saved at once, and nothing is asked", async () => {
    await press(UP);
    expect(isPressed(UP)).toBe(true);
    expect(server).toEqual([{ method: "PUT", body: { value: "up", reasons: [], comment: "" } }]);
    expect(panel()).toBeNull();
  });

  test("pressed again is taken back", async () => {
    await press(UP);
    await press(UP);
    expect(isPressed(UP)).toBe(false);
    expect(server.at(-1)).toEqual({ method: "DELETE", body: null });
  });

  test("down takes the place of up", async () => {
    await press(UP);
    await press(DOWN);
    expect([isPressed(UP), isPressed(DOWN)]).toEqual([false, true]);
  });

  test("comes back out when the server does not have it", async () => {
    status = 503;
    await press(UP);
    expect(isPressed(UP)).toBe(false);
  });
});

describe("the reasons for a thumb down", () => {
  test("are asked for once it is saved, with the focus on the first", async () => {
    await press(DOWN);
    expect(server).toEqual([{ method: "PUT", body: { value: "down", reasons: [], comment: "" } }]);
    expect(document.activeElement?.textContent).toBe("Not accurate");
  });

  test("go with it when they are sent", async () => {
    await press(DOWN);
    for (const name of ["Too long", "Not accurate", "Too long", "Too long"]) await press(name);
    await press("提交");
    expect(server.at(-1)?.body).toEqual({ value: "down", reasons: ["inaccurate", "too-long"], comment: "" });
    expect(panel()).toBeNull();
    expect(document.activeElement).toBe(button(DOWN));
  });

  test("cannot be sent before there is one", async () => {
    await press(DOWN);
    expect(button("提交").disabled).toBe(true);
  });

  test("need not be given: Esc keeps the bare thumb and goes back to it", async () => {
    await press(DOWN);
    await press("Too long");
    await act(async () => {
      panel()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    });
    expect(panel()).toBeNull();
    expect(isPressed(DOWN)).toBe(true);
    expect(server).toHaveLength(1);
    expect(document.activeElement).toBe(button(DOWN));
  });
});

test("a vote from before a reload is pressed", async () => {
  const message = store.get("c")?.messages.a1 as AnswerMessage;
  const rating = { value: "down" as const, reasons: ["too-long"], comment: "" };
  await act(async () =>
    store.dispatch("c", {
      type: "loaded",
      thread: {
        id: "c",
        title: "",
        scenario: "",
        older: null,
        messages: [
          {
            id: "a1",
            parent: message.parent,
            role: "assistant",
            text: "",
            created_at: "",
            generations: [],
            rating,
          },
        ],
      },
    }),
  );
  expect(isPressed(DOWN)).toBe(true);
});
