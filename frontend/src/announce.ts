/**
 * What a screen reader hears: one message at a time in one of two live regions, the only ones of the page. A row that is
 * drawn again is no news, so nothing that is drawn is a region itself.
 * A newer message of the same topic takes the place of one still waiting ("thinking" is stale once it answers).
 */
export type Region = "say" | "alert";

export interface Note {
  region: Region;
  topic: string;
  text: string;
}

export const enqueue = (queue: readonly Note[], note: Note): readonly Note[] => [
  ...queue.filter((it) => it.topic !== note.topic),
  note,
];

const CLEAR_MS = 150;
const HOLD_MS = 1000;

export interface AnnouncerWorld {
  write(region: Region, text: string): void;
  after(ms: number, run: () => void): () => void;
}

export function createAnnouncer({ write, after }: AnnouncerWorld) {
  let queue: readonly Note[] = [];
  let last = "";
  let busy = false;

  const next = (): void => {
    const [note, ...rest] = queue;
    queue = rest;
    if (!note) {
      busy = false;
      last = "";
      return;
    }
    busy = true;
    write(note.region, "");
    after(CLEAR_MS, () => {
      write(note.region, note.text);
      last = note.text;
      after(HOLD_MS, next);
    });
  };

  return {
    say(topic: string, text: string, region: Region = "say"): void {
      if (!text || text === last) return;
      queue = enqueue(queue, { region, topic, text });
      if (!busy) next();
    },
  };
}

function regionElement(id: Region): HTMLElement {
  const found = document.getElementById(id);
  if (found) return found;
  const made = document.createElement("div");
  made.id = id;
  made.className = "visually-hidden";
  made.setAttribute("role", id === "say" ? "status" : "alert");
  made.setAttribute("aria-live", id === "say" ? "polite" : "assertive");
  made.setAttribute("aria-atomic", "true");
  document.body.append(made);
  return made;
}

export const announcer = createAnnouncer({
  write: (region, text) => {
    regionElement(region).textContent = text;
  },
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});

/**
 * The regions must stand in the page, empty, before they are first written to; and in the dialog that opens, for behind
 * it the page is inert, and nothing there is heard. Called again when it goes.
 */
export function layRegions(): void {
  const place = [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;
  place.append(regionElement("say"), regionElement("alert"));
}
