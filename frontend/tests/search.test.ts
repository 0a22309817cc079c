import { expect, test } from "vitest";
import { inWords, searchable } from "../src/search";

test.each(["城", " 城 ", "py", "3元", "👋🏽"])("%s is worth asking for", (typed) => {
  expect(searchable(typed)).toBe(true);
});
test.each([
  ["…|---|---:| | 第一天 | 永宁门上", "… 第一天 · 永宁门上"],
  ["## 一 **第1点** ", "一 第1点 "],
  [" | 6,000 | | 第三天 | ", " · 6,000 · 第三天 · "],
  ["斜率是 $\\frac{f(x+h)-f(x)}{h}$。$$f'(x)=\\lim_{h\\to 0}", "斜率是 (f(x+h)-f(x))/(h)。f'(x)=limh→0"],
  ["斜率是 $\\frac{f(x+h)-f", "斜率是 f(x+h)-f"],
  ["设 $f(x)=x^2$，在 $x=1$ 处", "设 f(x)=x^2，在 x=1 处"],
  ["from $5 to $7", "from $5 to $7"],
  ["a || b, 2 * 3, snake_case", "a || b, 2 * 3, snake_case"],
])("%s is shown as %s", (found, shown) => {
  expect(inWords(found)).toBe(shown);
});
test.each(["", "  ", "p", " p "])("“%s” is not", (typed) => {
  expect(searchable(typed)).toBe(false);
});
