import { type RefObject, useEffect, useRef } from "react";
import { useSearch } from "wouter";
import { show } from "../ask";
import type { ThreadState } from "../thread";

const SHOWN_MS = 2000;

/** `?m=` names a message, as a search hit does: its branch is turned to, it is scrolled to, unfolded and lit up. */
export function useFound(
  thread: ThreadState,
  box: RefObject<HTMLElement | null>,
  toElement: (row: HTMLElement) => void,
): void {
  const wanted = new URLSearchParams(useSearch()).get("m") ?? "";
  const known = Object.hasOwn(thread.messages, wanted);
  const done = useRef("");
  useEffect(() => {
    if (known) show(thread.id, wanted);
  }, [known, wanted, thread.id]);

  // After every drawing: the other branch, and the words of an answer, come in their own time.
  useEffect(() => {
    if (!known || done.current === wanted) return;
    const row = box.current?.querySelector<HTMLElement>(`[data-message="${CSS.escape(wanted)}"]`);
    if (!row) return;
    done.current = wanted;
    row.querySelector<HTMLElement>("[data-unfold]")?.click();
    const heading = row.querySelector<HTMLElement>("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
    toElement(row);
    row.dataset.found = "";
    setTimeout(() => delete row.dataset.found, SHOWN_MS);
  });
}
