/** Which key does what, everywhere on the page. Pure; screens/useKeys.ts carries it out. */
export type Command =
  | "search"
  | "new"
  | "temporary"
  | "settings"
  | "sidebar"
  | "composer"
  | "edit_last"
  | "previous_turn"
  | "next_turn"
  | "copy_answer"
  | "copy_code"
  | "toast"
  | "print"
  | "help";

export interface Press {
  key: string;
  /** The key's place on the board: what Shift makes of it differs between boards. */
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

/** Where the key was pressed: in a field, in the composer while it is empty, or elsewhere. */
export type Spot = "field" | "empty_composer" | "page";

/** By its place on the board, or by what it writes where the browser goes by that too. */
const WITH_MOD: Readonly<Record<string, Command>> = {
  KeyK: "search",
  p: "print",
  ",": "settings",
  "/": "help",
};

export const onMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** On a Mac Ctrl belongs to the text (Ctrl K cuts to the end of the line); elsewhere the other key to the system. */
export function commandOf(press: Press, spot: Spot, { mac }: { mac: boolean }): Command | null {
  const { key, code, shiftKey, altKey } = press;
  const mod = mac ? press.metaKey : press.ctrlKey;
  if (mac ? press.ctrlKey : press.metaKey) return null;
  if (mod && altKey) return null;
  if (mod && shiftKey) {
    if (code === "KeyO") return "new";
    if (code === "Quote") return "temporary";
    if (code === "KeyS") return "sidebar";
    if (code === "KeyC") return "copy_answer";
    return code === "Semicolon" ? "copy_code" : null;
  }
  if (mod) return WITH_MOD[code] ?? WITH_MOD[key.toLowerCase()] ?? null;
  if (altKey && !shiftKey)
    return key === "ArrowUp" ? "previous_turn" : key === "ArrowDown" ? "next_turn" : null;
  if (shiftKey && key === "Escape") return "composer";
  if (key === "F8" && !shiftKey && !altKey) return "toast";
  if (key === "ArrowUp" && spot === "empty_composer" && !shiftKey) return "edit_last";
  // No letter or sign does anything while somebody types.
  if (spot !== "page" || altKey) return null;
  return key === "/" ? "composer" : key === "?" ? "help" : null;
}

/** The turn to go to from the tops of all turns, measured from where a turn is read. */
export function turnFrom(tops: readonly number[], step: -1 | 1, slack = 8): number {
  const at = step > 0 ? tops.findIndex((top) => top > slack) : tops.findLastIndex((top) => top < -slack);
  return at < 0 ? (step > 0 ? tops.length - 1 : 0) : at;
}
