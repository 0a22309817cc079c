import { describe, expect, test } from "vitest";
import { answerView, type LoadedThread, pathOf, phaseOf, reduce, type ThreadState } from "../src/thread";
import { accepted, delta, finished, play, say, snapshot, started } from "./cast";

const path = (state: ThreadState) => pathOf(state.messages, state.pick);
const texts = (state: ThreadState) =>
  path(state).map(({ message }) => (message.role === "user" ? message.text : message.id));
const phase = (state: ThreadState, id = "g1") => {
  const generation = state.generations[id];
  return generation && phaseOf(generation);
};

describe("asking", () => {
  test("the words stand in the thread at once, waiting", () => {
    const [state] = play(say());
    expect(path(state)[0]?.message).toMatchObject({ text: "你好", status: "outbox", id: "op1" });
  });

  test("`accepted` gives the server's id and keeps the key, so that nothing is built anew", () => {
    const [state] = play(say(), accepted());
    expect(path(state)[0]?.message).toMatchObject({ id: "q1", key: "op1", status: "acked" });
    expect(texts(state)).toEqual(["你好", "a1"]);
    expect(state.pending).toEqual({});
  });

  test("`accepted` again changes nothing", () => {
    const [once] = play(say(), accepted());
    expect(reduce(once, accepted())[0]).toEqual(once);
  });

  test("a refusal stays with the words, until they are taken back", () => {
    const [state] = play(say(), { type: "error", code: "queue_full", id: "op1", retry_after_s: 30 });
    expect(path(state)[0]?.message).toMatchObject({
      status: "rejected",
      refusal: { code: "queue_full", retryAfterS: 30 },
    });
    expect(path(reduce(state, { type: "take_back", message: "op1" })[0])).toEqual([]);
  });

  test("an error that answers nothing of ours changes nothing", () => {
    const [state] = play(say());
    expect(reduce(state, { type: "error", code: "busy", id: "other" })[0]).toBe(state);
  });
});

describe("branches", () => {
  test("an edited question is a sibling, shown, and the old branch comes back whole", () => {
    const [state] = play(
      say(1, "一"),
      accepted(1),
      say(2, "二", "a1"),
      accepted(2),
      say(3, "一改"),
      accepted(3),
    );
    expect(texts(state)).toEqual(["一改", "a3"]);
    expect(path(state)[0]).toMatchObject({ siblings: ["q1", "q3"], at: 1 });
    const [back] = reduce(state, { type: "pick", parent: "", child: "q1" });
    expect(texts(back)).toEqual(["一", "a1", "二", "a2"]);
  });

  test("a regenerated answer is a sibling answer, shown", () => {
    const again = accepted(9, { message: "q1", answer: "a9", generation: "g9" });
    const [state] = play(
      say(),
      accepted(),
      { type: "ask_again", op: "op9", kind: "regenerate", message: "a1" },
      again,
    );
    expect(path(state)[1]).toMatchObject({ siblings: ["a1", "a9"], at: 1 });
  });

  test("`continue` grows the same answer", () => {
    const more = accepted(2, { message: "q1", answer: "a1", generation: "g2" });
    const [state] = play(
      say(),
      accepted(),
      delta(0, 1, "上半"),
      finished(2, "上半", { state: "interrupted", reason: "stall" }),
      more,
      delta(0, 1, "下半", "g2"),
    );
    const answer = state.messages.a1;
    expect(answer?.role === "assistant" && answerView(answer, state.generations)).toMatchObject({
      text: "上半下半",
      phase: "streaming",
    });
    expect(path(state)).toHaveLength(2);
  });
});

describe("phases", () => {
  const at = (...more: Parameters<typeof play>) => phase(play(accepted(), ...more)[0]);
  test("follow the words of the design", () => {
    expect(at()).toBe("queued");
    expect(at(started())).toBe("starting");
    expect(at(started(), delta(0, 1, "", "g1", "想"))).toBe("thinking");
    expect(at(started(), delta(0, 1, "答"))).toBe("streaming");
    expect(at(started(), delta(0, 1, "答"), { type: "stop", generation: "g1" })).toBe("stopping");
    expect(at(delta(0, 1, "答"), finished(2, "答"))).toBe("completed");
    expect(at(delta(0, 1, "答"), finished(2, "答", { reason: "length" }))).toBe("truncated");
    expect(at(finished(1, "", { state: "failed", reason: "content_filter" }))).toBe("filtered");
    expect(at(finished(1, "", { state: "failed", reason: "unavailable" }))).toBe("failed");
    expect(at(finished(1, "", { state: "expired", reason: "deadline" }))).toBe("expired");
  });
});

describe("stopping", () => {
  test("is said to the server, and again after a lost line", () => {
    const [state, effects] = play(accepted(), started(), { type: "stop", generation: "g1" });
    expect(effects).toContainEqual({ type: "stop", generation: "g1" });
    expect(reduce(state, { type: "resume" })[1]).toContainEqual({ type: "stop", generation: "g1" });
  });
});

describe("a refresh", () => {
  const thread = (
    seq: number,
    text: string,
    state: "streaming" | "completed" = "streaming",
  ): LoadedThread => ({
    id: "c",
    title: "西安",
    scenario: "life",
    older: null,
    messages: [
      {
        id: "q1",
        parent: null,
        role: "user",
        text: "你好",
        created_at: "2026-11-23T10:00:00Z",
        generations: [],
      },
      {
        id: "a1",
        parent: "q1",
        role: "assistant",
        text,
        created_at: "2026-11-23T10:00:01Z",
        generations: [
          {
            id: "g1",
            state,
            reason: "",
            seq,
            text,
            thinking: "",
            model: "m",
            context_cut: false,
            first_token_ms: null,
            duration_ms: null,
            usage: null,
          },
        ],
      },
    ],
  });

  test("follows from exactly where the row stands", () => {
    const [state, effects] = play({ type: "loaded", thread: thread(3, "上午") });
    expect(effects).toEqual([{ type: "follow", generation: "g1", after: 3 }]);
    expect(texts(reduce(state, delta(3, 4, "好"))[0])).toEqual(["你好", "a1"]);
  });

  test("never takes back what the socket has brought meanwhile", () => {
    const [state] = play(accepted(), started(), delta(0, 5, "上午好"), {
      type: "loaded",
      thread: thread(3, "上午"),
    });
    expect(state.generations.g1).toMatchObject({ text: "上午好", seq: 5 });
  });

  test("keeps words that are still waiting", () => {
    const [state] = play({ type: "loaded", thread: thread(3, "好", "completed") }, say(2, "再问", "a1"), {
      type: "loaded",
      thread: thread(3, "好", "completed"),
    });
    expect(texts(state)).toEqual(["你好", "a1", "再问"]);
  });

  test("a hint about an answer it does not know reads the thread again", () => {
    const active = { generation: "g7", message: "a7", state: "queued" } as const;
    const [, effects] = play(
      { type: "loaded", thread: thread(3, "好", "completed") },
      { type: "changed", conversation: "c", active },
    );
    expect(effects).toContainEqual({ type: "refetch", conversation: "c" });
  });

  test("a hint that overtakes `accepted` reads nothing: it is about what was just asked here", () => {
    const active = { generation: "g1", message: "a1", state: "queued" } as const;
    const [, effects] = play(say(), { type: "changed", conversation: "c", active }, accepted());
    expect(effects).toEqual([]);
  });

  test("words accepted before their thread has been read have it read", () => {
    const revived = { ...say(), revived: true } as const;
    const [, effects] = play(revived, accepted());
    expect(effects).toEqual([{ type: "refetch", conversation: "c" }]);
  });
});

describe("a text that is not what the server says", () => {
  test("is verified by its hash, and read again from the start when it is damaged", () => {
    const [state, effects] = play(accepted(), delta(0, 1, "错"), finished(2, "对", { sha256: "ab" }));
    expect(effects).toContainEqual({ type: "verify", generation: "g1", text: "错", sha256: "ab" });
    const [asking, follow] = reduce(state, { type: "damaged", generation: "g1" });
    expect(follow).toEqual([{ type: "follow", generation: "g1", after: 0 }]);
    const [repaired] = reduce(reduce(asking, snapshot(1, "对"))[0], finished(2, "对"));
    expect(repaired.generations.g1).toMatchObject({ text: "对", state: "completed" });
  });

  test("is shown as it is once the server itself never agrees with its own words", () => {
    let [state] = play(accepted(), delta(0, 1, "短"), finished(2, "更长的"));
    for (let i = 0; i < 20; i++) {
      state = reduce(reduce(state, snapshot(1, "短"))[0], finished(2, "更长的"))[0];
    }
    expect(state.generations.g1?.state).toBe("completed");
  });
});
