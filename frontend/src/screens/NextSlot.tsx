import { useEffect, useRef, useState } from "react";
import { useT } from "../i18n";
import { drafts } from "../live";
import { IconButton } from "../ui/IconButton";

/**
 * One message said while an answer is still being written: it is sent when that one is done. It is kept like a draft,
 * so that a reload does not lose it.
 */
export function useNextSlot(
  conversation: string,
  place: string,
  busy: boolean,
  send: (text: string) => void,
  putBack: (text: string) => void,
) {
  const [slot, setSlot] = useState(() => ({ place, text: drafts.get(place)?.text ?? "" }));
  const text = slot.place === place ? slot.text : (drafts.get(place)?.text ?? "");
  const latest = useRef({ send, putBack });
  latest.current = { send, putBack };

  const set = (words: string): void => {
    setSlot({ place, text: words });
    if (words) drafts.set({ id: place, text: words, start: 0, end: 0, at: Date.now() });
    else drafts.drop(place);
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: only the end of the running answer sends it
  useEffect(() => {
    if (busy || !text || !conversation) return;
    set("");
    latest.current.send(text);
  }, [busy, text, conversation]);

  return [
    text,
    (words: string): void => {
      if (!words && text) latest.current.putBack(text);
      // A second one joins the first: nothing said is thrown away.
      set(words && text ? `${text}\n\n${words}` : words);
    },
  ] as const;
}

export function NextSlot({ text, onCancel }: { text: string; onCancel: () => void }) {
  const t = useT();
  return (
    <div className="next-slot">
      <b>{t.composer.next}</b>
      <span>{text}</span>
      <IconButton name="close" size={16} label={t.composer.nextCancel} onClick={onCancel} />
    </div>
  );
}
