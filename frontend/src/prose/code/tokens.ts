/** What the worker is asked and what it answers; one list of tokens per line. */
export interface Ask {
  id: number;
  code: string;
  language: string;
}
export interface Told {
  id: number;
  /** Null where the language is unknown or the grammar failed: the code stays plain. */
  lines: Line[] | null;
}
/** Text and its kind (`keyword`, `string`…); an empty kind is plain text. */
export type Token = readonly [text: string, kind: string];
export type Line = readonly Token[];

const KIND = /--shiki-token-([a-z-]+)/;

/** Neighbours of one kind are one token: a third of the elements. */
export function joined(tokens: readonly { content: string; color?: string }[]): Line {
  const line: [string, string][] = [];
  for (const { content, color } of tokens) {
    const kind = KIND.exec(color ?? "")?.[1] ?? "";
    const last = line.at(-1);
    if (last && (last[1] === kind || content.trim() === "")) last[0] += content;
    else line.push([content, kind]);
  }
  return line;
}
