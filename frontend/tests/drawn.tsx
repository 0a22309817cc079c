import { QueryClientProvider } from "@tanstack/react-query";
import { act, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, vi } from "vitest";
import { queryClient } from "../src/api/queries";
import { store } from "../src/live";
import { accepted, finished, say, started } from "./cast";

interface Said {
  path: string;
  method: string;
  body: unknown;
}

/** One answer of the thread `c`, drawn before a server that remembers what it is told, and gives it back. */
export function drawnBeforeAServer(view: ReactNode) {
  const server = { said: [] as Said[], refuses: false };
  let root: Root;
  let page: HTMLElement;

  beforeEach(async () => {
    (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
    server.said = [];
    server.refuses = false;
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      const body: unknown = init.body ? JSON.parse(String(init.body)) : null;
      server.said.push({ path, method: init.method ?? "", body });
      if (server.refuses) return Response.json({ code: "unavailable", params: {} }, { status: 503 });
      return init.method === "DELETE" ? new Response(null, { status: 204 }) : Response.json(body);
    });
    // One paint per change, at once: what is tested here is not the frame it lands in.
    vi.stubGlobal("requestAnimationFrame", (run: FrameRequestCallback) => {
      run(0);
      return 0;
    });
    store.clear();
    for (const input of [say(), accepted(), started(), finished(1, "")]) store.dispatch("c", input);
    page = document.createElement("div");
    document.body.append(page);
    root = createRoot(page);
    await act(async () =>
      root.render(<QueryClientProvider client={queryClient}>{view}</QueryClientProvider>),
    );
  });
  afterEach(async () => {
    await act(async () => root.unmount());
    page.remove();
    vi.unstubAllGlobals();
  });

  const find = <E extends HTMLElement>(selector: string): E | null => page.querySelector<E>(selector);
  const button = (name: string): HTMLButtonElement | undefined =>
    [...page.querySelectorAll("button")].find(
      (it) => (it.getAttribute("aria-label") ?? it.textContent) === name,
    );
  const press = async (name: string): Promise<void> => {
    const found = button(name);
    if (!found) throw new Error(`no button ${name}`);
    await act(async () => found.click());
    await act(async () => void (await vi.dynamicImportSettled()));
  };
  const leave = (): Promise<void> =>
    act(async () => {
      find("form")?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    });
  return { server, find, button, press, leave };
}
