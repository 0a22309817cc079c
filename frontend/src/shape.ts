/** Small parsers for values that cross a border; each throws `Mismatch` with the field that is wrong. */
export type Parse<T> = (value: unknown, at?: string) => T;
export type Parsed<P> = P extends Parse<infer T> ? T : never;

export class Mismatch extends Error {
  constructor(readonly field: string) {
    super(`unexpected value at ${field}`);
  }
}

export const str: Parse<string> = (value, at = "") => {
  if (typeof value !== "string") throw new Mismatch(at);
  return value;
};

export const num: Parse<number> = (value, at = "") => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new Mismatch(at);
  return value;
};

export const bool: Parse<boolean> = (value, at = "") => {
  if (typeof value !== "boolean") throw new Mismatch(at);
  return value;
};

export const nullable =
  <T>(parse: Parse<T>): Parse<T | null> =>
  (value, at) =>
    value === null || value === undefined ? null : parse(value, at);

export const optional =
  <T>(parse: Parse<T>): Parse<T | undefined> =>
  (value, at) =>
    value === undefined || value === null ? undefined : parse(value, at);

export const list =
  <T>(parse: Parse<T>): Parse<T[]> =>
  (value, at = "") => {
    if (!Array.isArray(value)) throw new Mismatch(at);
    return value.map((item: unknown, index) => parse(item, `${at}[${index}]`));
  };

export const oneOf =
  <const T extends readonly string[]>(...words: T): Parse<T[number]> =>
  (value, at = "") => {
    const found = words.find((word) => word === value);
    if (found === undefined) throw new Mismatch(at);
    return found;
  };

export const record: Parse<Record<string, unknown>> = (value, at = "") => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Mismatch(at);
  return Object.fromEntries(Object.entries(value));
};

type Fields = Record<string, Parse<unknown>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: undefined extends Parsed<F[K]> ? K : never }[keyof F];
type Shaped<F extends Fields> = { [K in Exclude<keyof F, OptionalKeys<F>>]: Parsed<F[K]> } & {
  [K in OptionalKeys<F>]?: Parsed<F[K]>;
};

/** Fields not named are dropped: a newer server may say more than this page knows. */
export const shape =
  <F extends Fields>(fields: F): Parse<Shaped<F>> =>
  (value, at = "") => {
    const source = record(value, at);
    const result: Record<string, unknown> = {};
    for (const [key, parse] of Object.entries(fields)) {
      const parsed = parse(source[key], at ? `${at}.${key}` : key);
      if (parsed !== undefined) result[key] = parsed;
    }
    return result as Shaped<F>;
  };
