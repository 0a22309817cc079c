import { bool, list, nullable, num, oneOf, optional, type Parse, type Parsed, shape, str } from "../shape";
import { STATES, usage } from "../wire";

const words: Parse<string> = (value) => (typeof value === "string" ? value : "");
const flag: Parse<boolean> = (value) => value === true;

const localized = shape({ zh: str, en: str });
export type Localized = Parsed<typeof localized>;

export const user = shape({
  email: str,
  name: words,
  locale: words,
  instructions: words,
  is_staff: optional(bool),
});
export type User = Parsed<typeof user>;

export const me = shape({ csrf: words, user: nullable(user) });
export type Me = Parsed<typeof me>;

const reasons = list(shape({ slug: str, name: localized }));

export const catalog = shape({
  scenarios: list(
    shape({
      slug: str,
      name: localized,
      tagline: localized,
      placeholder: localized,
      icon: words,
      thinking: bool,
      is_paused: flag,
      starters: list(localized),
      reasons,
      model: words,
    }),
  ),
  models: list(shape({ slug: str, name: localized, purpose: localized, thinks: bool })),
  /** Why any answer may be no good; a scenario's own come first. */
  reasons,
  /** Answers what is said outside of a scenario; each of those names its own. Empty where none does. */
  model: words,
});
export type Catalog = Parsed<typeof catalog>;
export type Scenario = Catalog["scenarios"][number];
export type Model = Catalog["models"][number];

const entry = {
  id: str,
  title: words,
  scenario: words,
  created_at: str,
  updated_at: str,
  active: nullable(str),
  pinned: flag,
  archived: flag,
  unread: flag,
};
export const conversation = shape(entry);
export type Conversation = Parsed<typeof conversation>;

export const conversationPage = shape({
  next: nullable(str),
  previous: nullable(str),
  results: list(conversation),
});
export type ConversationPage = Parsed<typeof conversationPage>;

const parts = list(shape({ text: str, hit: bool }));
export type Part = Parsed<typeof parts>[number];

/** Without a message only the title matched. */
const hit = shape({
  conversation: str,
  message: nullable(str),
  role: words,
  title: parts,
  snippet: parts,
  at: str,
});
export type Hit = Parsed<typeof hit>;
export const found = shape({ results: list(hit) });

export const rating = shape({ value: oneOf("up", "down"), reasons: list(str), comment: words });

export const appeal = shape({ comment: words });

const generation = shape({
  id: str,
  kind: words,
  state: oneOf(...STATES),
  reason: words,
  seq: num,
  text: words,
  thinking: words,
  model: words,
  context_cut: bool,
  first_token_ms: nullable(num),
  duration_ms: nullable(num),
  usage: nullable(usage),
});

export const thread = shape({
  ...entry,
  /** The id of the first of these messages, where there are more before it. */
  older: nullable(str),
  messages: list(
    shape({
      id: str,
      parent: nullable(str),
      role: oneOf("user", "assistant"),
      text: words,
      created_at: str,
      generations: list(generation),
      rating: optional(rating),
      appealed: flag,
    }),
  ),
});
