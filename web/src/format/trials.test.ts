import { expect, it } from "vitest";
import { trying } from "./trials";

it("says how far the trials are, and when they went wrong", () => {
  expect(trying({ state: "trying", tried: 12, total: 48 })).toBe("cairn is still trying changes (12 of 48)…");
  expect(trying({ state: "trying", tried: 0, total: null })).toBe("cairn is still trying changes…");
  expect(trying(undefined)).toBe("cairn is still trying changes…");
  expect(trying({ state: "failed", tried: 3, total: 48 })).toMatch(/went wrong/);
});
