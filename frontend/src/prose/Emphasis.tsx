import type { ReactNode } from "react";
import { textOf } from "./textOf";

/** Longer than a word or two: a row of dots would be read before the words above it. */
const FEW_HAN = /^\p{Script=Han}{1,8}$/u;
const HAN = /\p{Script=Han}/u;

/** Han characters do not lean: a few get a dot each, a passage another hand. What is Latin is set in italics. */
export function Emphasis({ children }: { children: ReactNode }) {
  const text = textOf(children);
  const hand = FEW_HAN.test(text) ? "dotted" : HAN.test(text) ? "passage" : undefined;
  return <em className={hand}>{children}</em>;
}
