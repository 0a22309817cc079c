import { type RefObject, useEffect, useRef } from "react";
import { useSearch } from "wouter";
import { show } from "../ask";
import { readEarlier } from "../earlier";
import type { ThreadState } from "../thread";
import type { TurnRows } from "./turns";

const SHOWN_MS = 2000;

interface Reach {
  turns: readonly TurnRows[];
  /** Of a long thread only the turns near the view are in the page. */
  draw: (index: number) => void;
  toElement: (row: HTMLElement) => void;
}

/** `?m=` names a message, as a search hit does: its branch is turned to, it is scrolled to, unfolded and lit up. */
export function useFound(
  thread: ThreadState,
  box: RefObject<HTMLElement | null>,
  { turns, draw, toElement }: Reach,
): void {
  const wanted = new URLSearchParams(useSearch()).get("m") ?? "";
  const known = Object.hasOwn(thread.messages, wanted);
  const done = useRef("");
  useEffect(() => {
    if (known) show(thread.id, wanted);
  }, [known, wanted, thread.id]);

  const at = turns.findIndex(
    ({ said, answer }) => wanted === said.message.id || wanted === answer?.message.id,
  );
  // It may have been said long ago: pages are read until it is here, and so is where its branch begins.
  useEffect(() => {
    if (wanted && done.current !== wanted && at < 0 && thread.older !== null)
      void readEarlier(thread.id, thread.older);
  }, [wanted, at, thread.older, thread.id]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: it is wanted once, where it stands
  useEffect(() => {
    if (wanted && at >= 0) draw(at);
  }, [wanted, at]);

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
