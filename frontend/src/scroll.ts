/** Who moves the thread. Events in, one command out; the reader's gesture always wins. Pure. */
export type Mode = "anchored" | "following" | "released";

export interface Scroll {
  mode: Mode;
  /** Just opened at its end: what is only now drawn (formulas, diagrams) keeps the end in view, for everybody. */
  arriving: boolean;
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
  /** `writing`: an answer is being written here. */
  | { type: "grew"; overflows: boolean; autoFollow: boolean; writing: boolean };

export type ScrollCommand = "none" | "lift" | "end";

export const initialScroll: Scroll = { mode: "anchored", arriving: false, news: false };

const FOLLOWING: Scroll = { mode: "following", arriving: false, news: false };

export function scroll(state: Scroll, event: ScrollEvent): readonly [Scroll, ScrollCommand] {
  switch (event.type) {
    case "opened":
      return [{ mode: "following", arriving: true, news: false }, "end"];
    case "sent":
      return [{ mode: "anchored", arriving: false, news: false }, "lift"];
    case "gesture":
      return [{ ...state, mode: "released", arriving: false }, "none"];
    case "reached_end":
      return [{ ...state, mode: state.mode === "released" ? "following" : state.mode, news: false }, "none"];
    case "to_end":
      return [FOLLOWING, "end"];
    case "grew": {
      if (state.mode === "released") return [{ ...state, news: true }, "none"];
      const arriving = state.arriving && !event.writing;
      if (state.mode === "following")
        return [{ ...state, arriving }, event.autoFollow || arriving ? "end" : "none"];
      if (!event.overflows || !event.autoFollow) return [state, "none"];
      return [FOLLOWING, "end"];
    }
  }
}
