/** Who moves the thread. Events in, one command out; the reader's gesture always wins. Pure. */
export type Mode = "anchored" | "following" | "released";

export interface Scroll {
  mode: Mode;
  /** New text came while the reader was elsewhere. */
  news: boolean;
}

export type ScrollEvent =
  | { type: "opened" }
  | { type: "sent" }
  /** Wheel up, drag down, PageUp, a selection, focus moved into the thread. */
  | { type: "gesture" }
  | { type: "reached_end" }
  | { type: "to_end" }
  | { type: "grew"; overflows: boolean; autoFollow: boolean };

export type ScrollCommand = "none" | "lift" | "end";

export const initialScroll: Scroll = { mode: "anchored", news: false };

export function scroll(state: Scroll, event: ScrollEvent): readonly [Scroll, ScrollCommand] {
  switch (event.type) {
    case "opened":
      return [{ mode: "following", news: false }, "end"];
    case "sent":
      return [{ mode: "anchored", news: false }, "lift"];
    case "gesture":
      return [{ ...state, mode: "released" }, "none"];
    case "reached_end":
      return [{ mode: state.mode === "released" ? "following" : state.mode, news: false }, "none"];
    case "to_end":
      return [{ mode: "following", news: false }, "end"];
    case "grew": {
      if (state.mode === "released") return [{ ...state, news: true }, "none"];
      if (state.mode === "following") return [state, event.autoFollow ? "end" : "none"];
      if (!event.overflows || !event.autoFollow) return [state, "none"];
      return [{ mode: "following", news: false }, "end"];
    }
  }
}
