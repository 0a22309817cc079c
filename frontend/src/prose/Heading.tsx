import { createContext, type ReactNode, useContext } from "react";

const FIRST = 3;
const LAST = 6;

/** The level of the answer's first heading: it becomes h3, under the page's h1 and the turn's h2. */
export const HeadingBase = createContext(1);

/** Known from the first heading on and never changed by what follows, so that no heading is built anew. */
export const headingBase = (text: string): number => /^ {0,3}(#{1,6})[ \t]/m.exec(text)?.[1]?.length ?? 1;

export function Heading({ level, children }: { level: number; children: ReactNode }) {
  const base = useContext(HeadingBase);
  const to = Math.min(LAST, Math.max(FIRST, FIRST + level - base));
  const Tag = `h${to}` as "h3" | "h4" | "h5" | "h6";
  return <Tag>{children}</Tag>;
}
