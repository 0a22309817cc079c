import { late } from "../ui/late";

/** An empty desk does without it: it is fetched once that is there, and before a conversation is drawn (main.tsx). */
export const [LateThread, fetchThread] = late(
  () => import("./Thread").then((it) => it.Thread),
  () => <section className="thread" />,
);
