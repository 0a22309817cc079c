/**
 * Is this key part of composing a word? Safari fires `compositionend` before the confirming keydown, so there only
 * keyCode 229 tells. There is no time window: who commits and presses Enter quickly means both.
 */
export interface KeyLike {
  keyCode: number;
  nativeEvent: { isComposing: boolean };
}

export const composing = (event: KeyLike): boolean => event.nativeEvent.isComposing || event.keyCode === 229;
