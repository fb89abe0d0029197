import { expect, it } from "vitest";
import * as t from "./text";

it("writes times in UTC", () => {
  expect(t.time("2026-03-14T06:00:00Z")).toBe("14 Mar 2026, 06:00 UTC");
  expect(t.time("2026-03-14T01:30:00+02:00")).toBe("13 Mar 2026, 23:30 UTC");
  expect(t.moment("2026-03-14T05:52:31Z")).toBe("14 Mar, 05:52:31 UTC");
});

it("writes ages in the largest readable unit", () => {
  const now = Date.parse("2026-03-14T06:00:00Z");
  expect(t.age("2026-03-14T05:48:00Z", now)).toBe("12 min");
  expect(t.age("2026-03-13T06:00:00Z", now)).toBe("24 h");
  expect(t.age("2026-02-01T06:00:00Z", now)).toBe("41 d");
  expect(t.age("2026-03-15T06:00:00Z", now)).toBe("0 min");
});

it("groups account ids and leaves other ids alone", () => {
  expect(t.accountId("111122223333")).toBe("1111-2222-3333");
  expect(t.accountId("global")).toBe("global");
  expect(t.accountName({ account: "111122223333", accountName: "nw-prod-web" })).toBe("nw-prod-web");
  expect(t.accountName({ account: "111122223333", accountName: null })).toBe("1111-2222-3333");
});

it("cuts names in the middle and never lengthens them", () => {
  expect(t.middle("prod/payments-gateway", 16)).toBe("prod/pa…-gateway");
  for (const name of ["", "a", "a-name", "x".repeat(200)]) {
    for (let max = 3; max < 40; max++)
      expect(t.middle(name, max).length).toBeLessThanOrEqual(Math.max(name.length, 0));
    expect(t.middle(name, 12).length).toBeLessThanOrEqual(12);
  }
});

it("lists words", () => {
  expect(t.list([])).toBe("");
  expect(t.list(["a"])).toBe("a");
  expect(t.list(["a", "b", "c"])).toBe("a, b and c");
});
