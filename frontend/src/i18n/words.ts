/** What a sentence about an error may mention, already in the reader's language. */
export interface ErrorWords {
  seconds: string;
  resetAt: string;
  /** Empty, or the whole remark how long it is until then. */
  left: string;
  limit: string;
  over: string;
  /** Empty, or the whole remark with the number of the fault. */
  ref: string;
}
