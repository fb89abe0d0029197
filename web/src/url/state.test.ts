import { expect, it } from "vitest";
import { applyChange, withQuery } from "./state";

it("sets, repeats and drops keys, and leaves the others alone", () => {
  expect(applyChange("?s=s-1&q=x", { q: "y" })).toBe("s=s-1&q=y");
  expect(applyChange("?s=s-1&f=a:1", { f: ["label>=Confidential", "kind:bucket,table"] })).toBe(
    "s=s-1&f=label>=Confidential&f=kind:bucket,table",
  );
  expect(applyChange("?s=s-1&f=a:1&f=b:2", { f: [] })).toBe("s=s-1");
  expect(applyChange("?sel=arn:aws:s3:::x", { sel: null })).toBe("");
  expect(applyChange("", { q: "" })).toBe("");
});

it("keeps what means something in a query escaped", () => {
  const query = applyChange("", { q: "a&b=c d+e%#?" });
  expect(new URLSearchParams(query).get("q")).toBe("a&b=c d+e%#?");
  expect(new URLSearchParams(applyChange("", { f: ["label>=Ümläut, x"] })).get("f")).toBe("label>=Ümläut, x");
});

it("writes addresses without an empty query", () => {
  expect(withQuery("/paths", "")).toBe("/paths");
  expect(withQuery("/paths", "q=x")).toBe("/paths?q=x");
});
