import { act } from "react";
import { expect, test } from "vitest";
import { store } from "../src/live";
import { Appeal } from "../src/screens/Appeal";
import { Ending } from "../src/screens/Ending";
import { useThread } from "../src/store";
import type { AnswerMessage } from "../src/thread";
import { newGeneration } from "../src/thread/state";
import { drawnBeforeAServer } from "./drawn";

/** How a filtered answer ends. */
function Filtered() {
  const answer = useThread(store, "c", (thread) => thread?.messages.a1) as AnswerMessage;
  const last = { ...newGeneration("g1", "a1"), state: "failed" as const, reason: "content_filter" };
  const nothing = (): void => undefined;
  return (
    <Ending
      phase="filtered"
      last={last}
      hasText={false}
      appealed={answer.appealed}
      refusal={undefined}
      busy={false}
      appeal={<Appeal conversation="c" answer="a1" />}
      instead={null}
      stopFirst={null}
      onContinue={nothing}
      onRetry={nothing}
      onRephrase={nothing}
    />
  );
}

const { server, find, button, press, leave } = drawnBeforeAServer(<Filtered />);
const panel = (): HTMLFormElement | null => find("form");
const sentence = (): HTMLElement | null => find(".ending p");
const box = (): HTMLTextAreaElement | null => find("textarea");

const write = (words: string): Promise<void> =>
  act(async () => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value")?.set?.call(box(), words);
    box()?.dispatchEvent(new Event("input", { bubbles: true }));
  });

test("an appeal goes with the words that were written, and the sentence that tells so takes the focus", async () => {
  await press("申诉");
  expect(document.activeElement).toBe(box());
  await write(" 是给孩子讲安全 ");
  await press("提交申诉");
  expect(server.said).toEqual([
    { path: "/api/messages/a1/appeal/", method: "PUT", body: { comment: "是给孩子讲安全" } },
  ]);
  expect(sentence()?.textContent).toContain("申诉已收到");
  expect(document.activeElement).toBe(sentence());
  expect([panel(), button("申诉")]).toEqual([null, undefined]);
});

test("it needs no words", async () => {
  await press("申诉");
  await press("提交申诉");
  expect(server.said.map((it) => it.body)).toEqual([{ comment: "" }]);
});

test("one that did not arrive is told so, keeps its words, and can be sent again", async () => {
  server.refuses = true;
  await press("申诉");
  await write("误判了");
  await press("提交申诉");
  expect(panel()?.querySelector(".fault")?.textContent).toContain("没能送到");
  expect(box()?.value).toBe("误判了");
  expect(sentence()?.textContent).not.toContain("申诉已收到");
  server.refuses = false;
  await press("提交申诉");
  expect(sentence()?.textContent).toContain("申诉已收到");
});

test("Esc says nothing, and goes back to the button", async () => {
  await press("申诉");
  await leave();
  expect(panel()).toBeNull();
  expect(server.said).toEqual([]);
  expect(document.activeElement).toBe(button("申诉"));
});
