/** Which model answers, as far as it can be told beforehand. The server's routes decide, and the catalog says how. */
import type { Catalog, Model } from "./api/shapes";

type Chosen = string | null | undefined;

/** The person's choice, while it is on offer; else the one their scenario leads to. */
export function modelFor(
  catalog: Catalog | undefined,
  scenario: string,
  chosen: Chosen,
): { chosen: Model | undefined; model: Model | undefined } {
  const named = (slug: Chosen): Model | undefined => catalog?.models.find((it) => it.slug === slug);
  const place = scenario === "" ? catalog : catalog?.scenarios.find((it) => it.slug === scenario);
  const own = named(chosen);
  return { chosen: own, model: own ?? named(place?.model) };
}
