import { beforeEach, expect, test } from "vitest";
import { keepCampaign, tellCampaign } from "../src/campaign";
import type { Happening } from "../src/report";

const told = (): Happening[] => {
  const all: Happening[] = [];
  tellCampaign((what) => all.push(what));
  return all;
};

beforeEach(() => localStorage.clear());

test.each([
  ["?utm_campaign=spring", "spring"],
  ["?campaign=Voucher%2050%25&x=1", "voucher-50"],
  ["?utm_campaign=a&campaign=b", "a"],
  [`?campaign=${"x".repeat(99)}`, "x".repeat(40)],
])("%s is told of whoever signs in", (search, campaign) => {
  keepCampaign(search);
  expect(told()).toEqual([{ kind: "acquired", campaign }]);
});

test("it is told once", () => {
  keepCampaign("?campaign=spring");
  told();
  expect(told()).toEqual([]);
});

test("the first campaign stands until it is told", () => {
  keepCampaign("?campaign=spring");
  keepCampaign("");
  keepCampaign("?campaign=autumn");
  expect(told()).toEqual([{ kind: "acquired", campaign: "spring" }]);
});

test.each(["", "?campaign=", "?campaign=%E6%98%A5", "?q=spring"])("%s is no campaign", (search) => {
  keepCampaign(search);
  expect(told()).toEqual([]);
});
