/** What a person can do in a thread. Each is one line to the thread and one to the outbox. */
import { uuid7 } from "./ids";
import { currentOutbox, next, socket, speak, store } from "./live";
import type { SendOp } from "./outbox";
import { temporary } from "./temporary";
import type { UserMessage } from "./thread";
import { markRead } from "./unread";
import { type Regenerate, type Send, TERMINAL } from "./wire";

export interface Words {
  conversation: string;
  parent: string | null;
  text: string;
  scenario?: string;
  model?: string;
  thinking?: boolean;
}

function opOf(words: Words): SendOp {
  const id = uuid7();
  const { conversation } = words;
  const fleeting = conversation === temporary.get();
  const frame: Send = { type: "send", id, ...words, ...(fleeting ? { temporary: true } : {}) };
  return { id, conversation, at: Date.now(), frame, fleeting };
}

/** On the screen at once. */
export const say = (words: Words): void => speak(opOf(words));

/** Sent when the thread is free; only then it is known what it follows. */
export const sayNext = (words: Omit<Words, "parent">): void => next.add(opOf({ ...words, parent: null }));

export type Otherwise = Pick<Regenerate, "model" | "thinking" | "hint">;

export function regenerate(conversation: string, answer: string, question: string, options: Otherwise): void {
  prepared(conversation, answer, question, options)();
}

/** On the screen at once; the frame goes out when the result is called. */
function prepared(conversation: string, answer: string, question: string, options: Otherwise): () => void {
  const id = uuid7();
  store.dispatch(conversation, { type: "ask_again", op: id, kind: "regenerate", message: answer });
  const frame: Regenerate = { type: "regenerate", id, message: question, ...options };
  return () => void currentOutbox().add({ id, conversation, at: Date.now(), frame });
}

/** The answer, which waits in line, is given up, and asked for otherwise when it is over: one is written at a time. */
export function askInstead(
  conversation: string,
  answer: string,
  question: string,
  waiting: string,
  options: Otherwise,
): void {
  const ask = prepared(conversation, answer, question, options);
  const leave = store.subscribe(conversation, () => {
    const generation = store.get(conversation)?.generations[waiting];
    if (generation && !TERMINAL.has(generation.state)) return;
    leave();
    if (generation) ask();
  });
  stop(conversation, waiting);
}

export function continueAnswer(conversation: string, answer: string, generation: string): void {
  const id = uuid7();
  store.dispatch(conversation, { type: "ask_again", op: id, kind: "continue", message: answer });
  void currentOutbox().add({ id, conversation, at: Date.now(), frame: { type: "continue", id, generation } });
}

export const stop = (conversation: string, generation: string): void =>
  store.dispatch(conversation, { type: "stop", generation });

/** Its end was looked at. While the line is down it stays unread: the server would not hear of it. */
export function read(conversation: string): void {
  if (socket.send({ type: "read", conversation })) markRead(conversation);
}

export const show = (conversation: string, message: string): void =>
  store.dispatch(conversation, { type: "show", message });

export const pick = (conversation: string, parent: string, child: string): void =>
  store.dispatch(conversation, { type: "pick", parent, child });

/** Refused words leave the thread, and the disk: by now they are somewhere else. */
export function takeBack(conversation: string, message: UserMessage): void {
  store.dispatch(conversation, { type: "take_back", message: message.id });
  currentOutbox().settle(message.key);
}
