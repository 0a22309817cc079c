import { act } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Locale, locale } from "../src/i18n";
import { store } from "../src/live";
import { Ending } from "../src/screens/Ending";
import { Said } from "../src/screens/Said";
import { pathOf, phaseOf, type UserMessage } from "../src/thread";
import { type Generation, newGeneration } from "../src/thread/state";
import type { Code } from "../src/wire";
import { accepted, say, started } from "./cast";

let root: Root;
let page: HTMLElement;
let pressed: string[];

beforeEach(() => {
  (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
  pressed = [];
  store.clear();
  page = document.createElement("div");
  document.body.append(page);
  root = createRoot(page);
});
afterEach(async () => {
  await act(async () => root.unmount());
  page.remove();
  locale.set("zh");
});

const buttons = (): HTMLButtonElement[] => [...page.querySelectorAll<HTMLButtonElement>(".buttons button")];
const press = (name: string): Promise<void> =>
  act(async () =>
    buttons()
      .find((it) => it.textContent === name)
      ?.click(),
  );

interface End {
  state: Generation["state"];
  reason: string;
  text?: string;
  appealed?: boolean;
  mayAppeal?: boolean;
}

type Told = Record<Locale, readonly [sentence: string, ...buttons: string[]]>;

async function show(
  { state, reason, text = "", appealed = false, mayAppeal = true }: End,
  { busy = false } = {},
): Promise<void> {
  const last = { ...newGeneration("g1", "a1"), state, reason, text };
  await act(async () =>
    root.render(
      <Ending
        phase={phaseOf(last)}
        last={last}
        hasText={text !== ""}
        appealed={appealed}
        refusal={undefined}
        busy={busy}
        appeal={
          mayAppeal && (
            <button type="button" onClick={() => pressed.push("appeal")}>
              appeal
            </button>
          )
        }
        instead={
          <button type="button" onClick={() => pressed.push("instead")}>
            instead
          </button>
        }
        stopFirst={null}
        onContinue={() => pressed.push("continue")}
        onRetry={() => pressed.push("retry")}
        onRephrase={() => pressed.push("rephrase")}
      />,
    ),
  );
}

const FILTERED: Told = {
  zh: ["这个话题我不能回答。可以换个问法；若觉得误判，可以申诉。", "换个问法", "appeal"],
  en: [
    "I can’t answer this one. Try asking another way, or appeal if this seems wrong.",
    "Ask another way",
    "appeal",
  ],
};

/** How an answer ended; in both languages the sentence it is told in, and what can be pressed. */
const ENDS: readonly [string, End, Told][] = [
  ["completed", { state: "completed", reason: "stop", text: "好" }, { zh: [""], en: [""] }],
  [
    "stopped",
    { state: "stopped", reason: "user_stop", text: "好" },
    { zh: ["你停止了回答", "继续"], en: ["You stopped the answer", "Continue"] },
  ],
  [
    "stopped before its first word",
    { state: "stopped", reason: "user_stop" },
    { zh: ["你停止了回答", "重试"], en: ["You stopped the answer", "Try again"] },
  ],
  [
    "interrupted",
    { state: "interrupted", reason: "stall", text: "好" },
    {
      zh: ["回答在中途断开了，已写出的部分都在。 stall", "继续"],
      en: ["The answer was cut off. Everything written so far is kept. stall", "Continue"],
    },
  ],
  [
    "interrupted by what no endpoint goes on with",
    { state: "interrupted", reason: "refused", text: "好" },
    {
      zh: ["回答在中途断开了，已写出的部分都在。 refused", "重试"],
      en: ["The answer was cut off. Everything written so far is kept. refused", "Try again"],
    },
  ],
  [
    "at its longest",
    { state: "completed", reason: "length", text: "好" },
    { zh: ["写到长度上限了", "继续"], en: ["Reached the length limit", "Continue"] },
  ],
  ["filtered before its first word", { state: "failed", reason: "content_filter" }, FILTERED],
  ["filtered after some words", { state: "completed", reason: "content_filter", text: "好" }, FILTERED],
  ["filtered in the middle", { state: "interrupted", reason: "content_filter", text: "好" }, FILTERED],
  [
    "filtered where nobody could look at an appeal",
    { state: "failed", reason: "content_filter", mayAppeal: false },
    {
      zh: ["这个话题我不能回答。可以换个问法。", "换个问法"],
      en: ["I can’t answer this one. Try asking another way.", "Ask another way"],
    },
  ],
  [
    "filtered, and appealed against",
    { state: "failed", reason: "content_filter", appealed: true },
    {
      zh: ["这个话题我不能回答。申诉已收到，管理员会看到；也可以换个问法。", "换个问法"],
      en: [
        "I can’t answer this one. Your appeal was received and an administrator will see it; you can also ask another way.",
        "Ask another way",
      ],
    },
  ],
  [
    "expired",
    { state: "expired", reason: "deadline" },
    {
      zh: ["排队等得太久，这次没有轮到。你的问题已保存，可以重试。", "重试", "instead"],
      en: [
        "The queue took too long and your turn didn’t come. Your question is saved; you can try again.",
        "Try again",
        "instead",
      ],
    },
  ],
  [
    "failed",
    { state: "failed", reason: "unavailable" },
    {
      zh: ["服务暂时没有回应，你的问题已保存，没有计入用量。可以重试。", "重试", "instead"],
      en: [
        "The service isn’t responding. Your question is saved and was not counted. You can try again.",
        "Try again",
        "instead",
      ],
    },
  ],
];

describe.each(["zh", "en"] as const)("in %s", (language) => {
  test.each(ENDS)("an answer %s says so, and what can be done", async (_, end, told) => {
    locale.set(language);
    await show(end);
    const [sentence, ...names] = told[language];
    expect(page.querySelector(".ending p")?.textContent?.trim() ?? "").toBe(sentence);
    expect(buttons().map((it) => it.textContent)).toEqual(names);
  });
});

test("each button does what it says", async () => {
  await show({ state: "stopped", reason: "user_stop", text: "好" });
  await press("继续");
  await show({ state: "expired", reason: "deadline" });
  await press("重试");
  await show({ state: "failed", reason: "content_filter" });
  await press("换个问法");
  await show({ state: "failed", reason: "unavailable" });
  await press("instead");
  expect(pressed).toEqual(["continue", "retry", "rephrase", "instead"]);
});

test("a failed answer is named by what the administration finds it under", async () => {
  await show({ state: "failed", reason: "internal" });
  expect(page.querySelector(".ending-ref")?.textContent).toBe("internal · g1");
  expect(page.querySelector(".ending-ref button")?.getAttribute("aria-label")).toBe("复制编号");
});

test("while another answer is written nothing can be asked again", async () => {
  await show({ state: "expired", reason: "deadline" }, { busy: true });
  expect(buttons()[0]?.getAttribute("aria-disabled")).toBe("true");
  await press("重试");
  expect(pressed).toEqual([]);
});

describe("a refused question", () => {
  const question = (): UserMessage | undefined =>
    Object.values(store.get("c")?.messages ?? {}).find(
      (it): it is UserMessage => it.role === "user" && it.text === "在吗",
    );

  async function refuse(
    code: Code,
    { parent = null as string | null, running = null as string | null } = {},
  ) {
    store.dispatch("c", say(2, "在吗", parent));
    store.dispatch("c", { type: "error", id: "op2", code, retry_after_s: 9.2, params: {} });
    const thread = store.get("c");
    const row = thread && pathOf(thread.messages, thread.pick).at(-1);
    const message = question();
    if (!row || !message) throw new Error("nothing was said");
    await act(async () =>
      root.render(
        <Said
          conversation="c"
          row={row}
          message={message}
          running={running}
          choices={{ thinking: false }}
          giveBack={(words) => pressed.push(words)}
          onEdit={() => pressed.push("edit")}
        />,
      ),
    );
  }

  test("says why, and that nothing is lost", async () => {
    await refuse("queue_full");
    expect(page.querySelector(".fault")?.textContent).toBe(
      "现在用的人太多，排队也满了。你的话已留着，10 秒后可再试。",
    );
    expect(buttons().map((it) => it.textContent)).toEqual(["放回输入框", "重试"]);
  });

  test("goes back into the box", async () => {
    await refuse("queue_full");
    await press("放回输入框");
    expect(pressed).toEqual(["在吗"]);
    expect(question()).toBeUndefined();
  });

  test("stops the answer that is in its way", async () => {
    for (const frame of [say(1, "先问的"), accepted(1), started("g1")]) store.dispatch("c", frame);
    await refuse("busy", { parent: "a1", running: "g1" });
    expect(buttons().map((it) => it.textContent)).toEqual(["停止", "放回输入框", "重试"]);
    await press("停止");
    expect(store.get("c")?.generations.g1?.stopping).toBe(true);
  });

  test("is said once more, in its place", async () => {
    await refuse("queue_full");
    await press("重试");
    expect(pressed).toEqual([]);
    expect(question()).toMatchObject({ text: "在吗", status: "outbox", parent: null });
  });
});
