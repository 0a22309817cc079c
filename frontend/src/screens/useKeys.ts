import { useEffect } from "react";
import { useLocation } from "wouter";
import { readWhole } from "../earlier";
import { type Command, commandOf, onMac, type Spot, turnFrom } from "../keys";
import { searchOpen, settingsOpen, shortcutsOpen } from "../overlays";
import { setSidebarOpen, sidebarOpen } from "../prefs";
import { useWide } from "../ui/useMedia";
import { drawerOpen } from "./Bar";
import { placeOf } from "./place";

const READ_AT_PX = 72;

const composer = (): HTMLTextAreaElement | null => document.querySelector("textarea#composer");

function spotOf(target: EventTarget | null): Spot {
  if (target instanceof HTMLTextAreaElement && target.id === "composer" && target.value === "")
    return "empty_composer";
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]")
    ? "field"
    : "page";
}

/** A key presses the button that is there for everybody: same effect, same word to a screen reader. */
const press = (key: string): void =>
  [...document.querySelectorAll<HTMLElement>(`.thread [data-key="${key}"]`)].at(-1)?.click();

function goToTurn(step: -1 | 1): void {
  const turns = [...document.querySelectorAll<HTMLElement>(".thread .turn")];
  const top = (document.querySelector(".thread")?.getBoundingClientRect().top ?? 0) + READ_AT_PX;
  const turn =
    turns[
      turnFrom(
        turns.map((it) => it.getBoundingClientRect().top - top),
        step,
      )
    ];
  const heading = turn?.querySelector<HTMLElement>("h2");
  if (!turn || !heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  const box = turn.closest(".thread");
  if (box) box.scrollTop += turn.getBoundingClientRect().top - top;
}

/** Of a long conversation only the end may be here yet. */
async function printWhole(path: string): Promise<void> {
  const place = placeOf(path);
  if (place.kind === "conversation") await readWhole(place.id);
  print();
}

export function useKeys(): void {
  const [path, go] = useLocation();
  const wide = useWide();
  useEffect(() => {
    const sidebar = (open: boolean): void => (wide ? setSidebarOpen(open) : drawerOpen.set(open));
    const run: Record<Command, () => void> = {
      search: () => searchOpen.set(true),
      new: () => (path === "/" ? composer()?.focus() : go("/")),
      temporary: () => go("/t"),
      settings: () => settingsOpen.set(true),
      sidebar: () => sidebar(!(wide ? sidebarOpen : drawerOpen).get()),
      composer: () => composer()?.focus(),
      edit_last: () => press("edit"),
      previous_turn: () => goToTurn(-1),
      next_turn: () => goToTurn(1),
      copy_answer: () => press("copy-answer"),
      copy_code: () => press("copy-code"),
      toast: () => document.querySelector<HTMLElement>(".toast button")?.focus(),
      print: () => void printWhole(path),
      help: () => shortcutsOpen.set(true),
    };
    const keyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || event.keyCode === 229) return;
      const command = commandOf(event, spotOf(event.target), { mac: onMac() });
      if (!command) return;
      // Behind a dialog the page is inert, for keys too; the drawer has its toasts in it.
      if (command !== "toast" && document.querySelector("dialog[open]")) return;
      event.preventDefault();
      run[command]();
    };
    addEventListener("keydown", keyDown);
    return () => removeEventListener("keydown", keyDown);
  }, [path, go, wide]);
}
