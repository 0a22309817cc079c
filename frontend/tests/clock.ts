/** A clock that moves when told to. */
export function createClock() {
  let now = 0;
  let timers: { at: number; run: () => void }[] = [];
  return {
    after: (ms: number, run: () => void) => {
      const timer = { at: now + ms, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((it) => it !== timer);
      };
    },
    pass: (ms: number) => {
      const end = now + ms;
      for (;;) {
        const due = timers.filter((it) => it.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((it) => it !== due);
        now = due.at;
        due.run();
      }
      now = end;
    },
  };
}
