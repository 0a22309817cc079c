import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { drafts } from "../live";
import type { FirstWords } from "../shell";

/** The words in the box. They belong to a place (a conversation, a scenario) and come back with it. */
export function useComposerText(
  place: string,
  area: RefObject<HTMLTextAreaElement | null>,
  first: FirstWords | null,
) {
  const [text, setText] = useState(() => first?.text || drafts.get(place)?.text || "");
  const at = useRef(place);

  if (at.current !== place) {
    at.current = place;
    setText(drafts.get(place)?.text ?? "");
  }

  const keep = (words: string): void => {
    const { selectionStart = words.length, selectionEnd = words.length } = area.current ?? {};
    drafts.set({ id: place, text: words, start: selectionStart, end: selectionEnd, at: Date.now() });
  };

  // Gone somewhere else: what was written here is on disk before anything can close the page.
  // biome-ignore lint/correctness/useExhaustiveDependencies: leaving a place is what matters
  useEffect(() => drafts.write, [place]);

  useLayoutEffect(() => {
    const box = area.current;
    const draft = drafts.get(place);
    if (box && draft?.text) box.setSelectionRange(draft.start, draft.end);
  }, [place, area]);

  // What was typed before the script came goes on as if nothing had happened: text, caret and focus.
  useLayoutEffect(() => {
    const box = area.current;
    if (!first || !box) return;
    if (first.text) box.setSelectionRange(first.start, first.end);
    if (first.focused) box.focus({ preventScroll: true });
  }, [first, area]);

  const write = (words: string): void => {
    setText(words);
    keep(words);
  };
  return {
    text,
    write,
    /** Words that came from elsewhere: on disk at once, for they are about to go there. */
    put: (words: string): void => {
      write(words);
      drafts.write();
    },
    /** The caret moved; it comes back with the words. */
    moved: (): void => {
      if (drafts.get(place)?.text === text) keep(text);
    },
    /** The words have gone into the outbox. */
    sent: (): void => {
      setText("");
      drafts.drop(place);
    },
  };
}
