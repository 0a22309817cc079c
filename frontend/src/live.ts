/** The tab's conductor: who is signed in, the line, the outbox and the threads, tied together. */
import { queryClient, threadQuery } from "./api/queries";
import type { User } from "./api/shapes";
import { tellCampaign } from "./campaign";
import { createCell } from "./cell";
import { createDrafts } from "./drafts";
import { keepName, memoryKeep, openKeep } from "./keep";
import { createNext, nextWords } from "./next";
import { keepLastUser } from "./offline/last_user";
import { createOutbox, type Op, type Outbox, type SendOp } from "./outbox";
import { receive } from "./receive";
import { reporter } from "./report";
import { createSocket, type Link, type SocketLike } from "./socket";
import { createStore } from "./store";
import type { Effect } from "./thread";

/** `expired`: the page still shows what was there, and asks to sign in on top of it. */
export type Session = { type: "out" } | { type: "in"; user: User } | { type: "expired"; user: User };

export const session = createCell<Session>({ type: "out" });
export const line = createCell<{ link: Link; failures: number }>({ link: "off", failures: 0 });
export const drafts = createDrafts();

const after = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** What the bundler called the file that this is in: another one for another build. */
const BUILD = /main-(.+)\.js/.exec(import.meta.url)?.[1] ?? "dev";

const connect = (): SocketLike => {
  const scheme = location.protocol === "https:" ? "wss" : "ws";
  const socket = new WebSocket(`${scheme}://${location.host}/ws/?client=page-${BUILD}`);
  const like: SocketLike = {
    send: (text) => socket.send(text),
    close: (code) => socket.close(code),
    onopen: null,
    onmessage: null,
    onclose: null,
  };
  socket.onopen = () => like.onopen?.();
  socket.onmessage = (event: MessageEvent<unknown>) => like.onmessage?.({ data: event.data });
  socket.onclose = (event) => like.onclose?.({ code: event.code });
  return like;
};

export const socket = createSocket(
  { connect, after, random: Math.random },
  {
    frame: (frame) => receive(frame, { store, outbox }),
    link: (link, failures) => {
      line.set({ link, failures });
      if (link !== "live") outbox.pause();
      else for (const { conversation } of next.waiting.get()) void readThread(conversation);
      if (link === "signed_out") expire();
    },
  },
);

export const store = createStore(runEffect);
let outbox: Outbox = createOutbox({ keep: memoryKeep(), send: socket.send, after });
export const currentOutbox = (): Outbox => outbox;

/** Words appear in their thread, and go out. */
export function speak(op: SendOp): void {
  stand(op);
  void outbox.add(op);
}

export const next = createNext({ store, send: speak });

/** Also one that nobody looks at, to know when it is free. */
async function readThread(conversation: string): Promise<void> {
  const thread = await queryClient.fetchQuery(threadQuery(conversation)).catch(() => null);
  if (thread) store.dispatch(conversation, { type: "loaded", thread });
}

function runEffect(effect: Effect): void {
  switch (effect.type) {
    case "follow":
    case "stop":
      // On a dead line nothing is lost: `resume` says both again after the next welcome.
      socket.send(effect);
      return;
    case "refetch":
      void queryClient.invalidateQueries({ queryKey: ["thread", effect.conversation] });
      // What nobody looks at is read by nobody else.
      if (nextWords(next.waiting.get(), effect.conversation)) void readThread(effect.conversation);
      return;
    case "verify":
      void verify(effect);
  }
}

/** Without a secure context there is no digest; the length alone has then been compared. */
async function verify({ generation, text, sha256 }: Extract<Effect, { type: "verify" }>): Promise<void> {
  if (!globalThis.crypto?.subtle || !sha256) return;
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const owner = store.ownerOf(generation);
  if (hex !== sha256.toLowerCase() && owner) store.dispatch(owner, { type: "damaged", generation });
}

const sameAs = (now: Session, email: string | null): boolean =>
  now.type === "out" ? email === null : now.user.email === email;

/** Take up the work of `user`, or of nobody. Called at boot and after every sign-in. */
export async function begin(user: User | null): Promise<void> {
  const before = session.get();
  const stranger = before.type !== "out" && !sameAs(before, user?.email ?? null);
  if (stranger) {
    reporter.forget();
    store.clear();
    queryClient.clear();
    next.clear();
  }
  const keep = await openKeep(keepName(user?.email ?? null));
  outbox = createOutbox({ keep, send: socket.send, after });
  await drafts.moveTo(keep, { keepMine: !stranger });
  const ops = user ? await outbox.restore() : [];
  for (const op of ops) if (isSend(op) && !op.waits) stand(op, { revived: true });
  next.open(
    keep,
    ops.filter(isSend).filter((op) => op.waits),
  );
  keepLastUser(user);
  session.set(user ? { type: "in", user } : { type: "out" });
  if (user) {
    tellCampaign();
    socket.start();
  } else socket.stop();
}

const isSend = (op: Op): op is SendOp => op.frame.type === "send";

/** Words stand in their thread: those from before a reload waiting or refused as they were. */
function stand(
  { id, conversation, at, frame, refusal }: SendOp,
  { revived }: { revived?: boolean } = {},
): void {
  const { parent, text, scenario = "" } = frame;
  store.dispatch(conversation, {
    type: "say",
    op: id,
    parent,
    text,
    scenario,
    at: new Date(at).toISOString(),
    revived,
  });
  if (refusal) {
    const { code, retryAfterS, params } = refusal;
    store.dispatch(conversation, { type: "error", id, code, retry_after_s: retryAfterS, params });
  }
}

export function expire(): void {
  const now = session.get();
  if (now.type === "in") session.set({ type: "expired", user: now.user });
}

/** After signing out: this browser keeps nothing of the person. */
export async function forget(): Promise<void> {
  const now = session.get();
  if (now.type !== "out") await (await openKeep(keepName(now.user.email))).erase();
  socket.stop();
  reporter.forget();
  keepLastUser(null);
  session.set({ type: "out" });
  next.clear();
  store.clear();
  queryClient.clear();
  await drafts.moveTo(memoryKeep(), { keepMine: false });
}
