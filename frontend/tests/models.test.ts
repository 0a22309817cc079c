import { expect, test } from "vitest";
import type { Catalog, Model, Scenario } from "../src/api/shapes";
import { modelFor } from "../src/models";

const words = { zh: "", en: "" };
const model = (slug: string): Model => ({ slug, name: words, purpose: words, thinks: false });
const scenario = (slug: string, model: string): Scenario => ({
  slug,
  model,
  name: words,
  tagline: words,
  placeholder: words,
  icon: "",
  thinking: false,
  is_paused: false,
  starters: [],
  reasons: [],
});
const catalog: Catalog = {
  models: [model("first"), model("deep"), model("plain")],
  scenarios: [scenario("study", "deep"), scenario("chat", "")],
  reasons: [],
  model: "plain",
};

test.each([
  ["outside of a scenario", "", null, "plain"],
  ["in a scenario with a route of its own", "study", null, "deep"],
  ["where they chose one", "study", "first", "first"],
  ["where they chose one that is not on offer any more", "study", "gone", "deep"],
  ["in a scenario whose routes lead nowhere", "chat", null, undefined],
  ["in a scenario that is not on offer any more", "retired", null, undefined],
])("%s this model answers", (_, place, chosen, slug) => {
  expect(modelFor(catalog, place, chosen).model?.slug).toBe(slug);
});

test("what the routes say is no choice of the person", () => {
  expect(modelFor(catalog, "study", "").chosen).toBeUndefined();
  expect(modelFor(catalog, "study", "first").chosen?.slug).toBe("first");
});
