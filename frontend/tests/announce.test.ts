import { expect, test } from "vitest";
import { createAnnouncer } from "../src/announce";
import { createClock } from "./clock";

function listen() {
  const clock = createClock();
  const heard: string[] = [];
  const announcer = createAnnouncer({
    write: (_region, text) => text && heard.push(text),
    after: clock.after,
  });
  return { clock, heard, announcer };
}

test("says one thing at a time, with a pause between", () => {
  const { clock, heard, announcer } = listen();
  announcer.say("answer", "正在回答");
  announcer.say("copy", "已复制");
  clock.pass(500);
  expect(heard).toEqual(["正在回答"]);
  clock.pass(2000);
  expect(heard).toEqual(["正在回答", "已复制"]);
});

test("leaves out what is stale before its turn came", () => {
  const { clock, heard, announcer } = listen();
  announcer.say("copy", "已复制");
  announcer.say("answer", "正在思考");
  announcer.say("answer", "正在回答");
  announcer.say("answer", "回答完成");
  clock.pass(10_000);
  expect(heard).toEqual(["已复制", "回答完成"]);
});

test("does not repeat itself", () => {
  const { clock, heard, announcer } = listen();
  announcer.say("answer", "正在回答");
  clock.pass(300);
  announcer.say("answer", "正在回答");
  clock.pass(5000);
  expect(heard).toEqual(["正在回答"]);
});
