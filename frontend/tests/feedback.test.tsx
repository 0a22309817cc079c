import { act } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { catalogQuery, queryClient } from "../src/api/queries";
import { store } from "../src/live";
import { Feedback } from "../src/screens/Feedback";
import { useThread } from "../src/store";
import type { AnswerMessage } from "../src/thread";
import { drawnBeforeAServer } from "./drawn";

const reason = (slug: string, en: string) => ({ slug, name: { zh: en, en } });

/** The answer as the thread has it, and its thumbs. */
function Row() {
  const answer = useThread(store, "c", (thread) => thread?.messages.a1) as AnswerMessage;
  return <Feedback conversation="c" answer="a1" rating={answer.rating} />;
}

beforeEach(() => {
  queryClient.setQueryData(catalogQuery.queryKey, {
    models: [],
    model: "",
    reasons: [reason("inaccurate", "Not accurate"), reason("too-long", "Too long")],
    scenarios: [],
  });
});
const { server, find, button, press, leave } = drawnBeforeAServer(<Row />);
const panel = (): HTMLFormElement | null => find("form");
const isPressed = (name: string): boolean => button(name)?.getAttribute("aria-pressed") === "true";

const RATING = "/api/messages/a1/rating/";
const UP = "回答得好";
const DOWN = "回答得不好";

describe("a thumb", () => {
  test("up is pressed and saved at once, and nothing is asked", async () => {
    await press(UP);
    expect(isPressed(UP)).toBe(true);
    expect(server.said).toEqual([
      { path: RATING, method: "PUT", body: { value: "up", reasons: [], comment: "" } },
    ]);
    expect(panel()).toBeNull();
  });

  test("pressed again is taken back", async () => {
    await press(UP);
    await press(UP);
    expect(isPressed(UP)).toBe(false);
    expect(server.said.at(-1)).toEqual({ path: RATING, method: "DELETE", body: null });
  });

  test("down takes the place of up", async () => {
    await press(UP);
    await press(DOWN);
    expect([isPressed(UP), isPressed(DOWN)]).toEqual([false, true]);
  });

  test("comes back out when the server does not have it", async () => {
    server.refuses = true;
    await press(UP);
    expect(isPressed(UP)).toBe(false);
  });
});

describe("the reasons for a thumb down", () => {
  test("are asked for once it is saved, with the focus on the first", async () => {
    await press(DOWN);
    expect(server.said).toEqual([
      { path: RATING, method: "PUT", body: { value: "down", reasons: [], comment: "" } },
    ]);
    expect(document.activeElement?.textContent).toBe("Not accurate");
  });

  test("go with it when they are sent", async () => {
    await press(DOWN);
    for (const name of ["Too long", "Not accurate", "Too long", "Too long"]) await press(name);
    await press("提交");
    expect(server.said.at(-1)?.body).toEqual({
      value: "down",
      reasons: ["inaccurate", "too-long"],
      comment: "",
    });
    expect(panel()).toBeNull();
    expect(document.activeElement).toBe(button(DOWN));
  });

  test("cannot be sent before there is one", async () => {
    await press(DOWN);
    expect(button("提交")?.disabled).toBe(true);
  });

  test("need not be given: Esc keeps the bare thumb and goes back to it", async () => {
    await press(DOWN);
    await press("Too long");
    await leave();
    expect(panel()).toBeNull();
    expect(isPressed(DOWN)).toBe(true);
    expect(server.said).toHaveLength(1);
    expect(document.activeElement).toBe(button(DOWN));
  });
});

test("a vote from before a reload is pressed", async () => {
  const message = store.get("c")?.messages.a1 as AnswerMessage;
  const rating = { value: "down" as const, reasons: ["too-long"], comment: "" };
  await act(async () =>
    store.dispatch("c", {
      type: "loaded",
      thread: {
        id: "c",
        title: "",
        scenario: "",
        older: null,
        messages: [
          {
            id: "a1",
            parent: message.parent,
            role: "assistant",
            text: "",
            created_at: "",
            generations: [],
            rating,
          },
        ],
      },
    }),
  );
  expect(isPressed(DOWN)).toBe(true);
});
