import { expect, it } from "vitest";
import { type ChokeLike, chokeName, chokeWords, strongest } from "./choke";

const node = (name: string, kind = "role") => ({ id: `id-${name}`, name, kind });
const choke = (risk: number, at: Partial<ChokeLike>, mandatory = 0): ChokeLike => ({
  node: null,
  fact: null,
  mandatory: Array.from({ length: mandatory }, (_, index) => ({ id: String(index) })),
  riskRemoved: { value: risk },
  reach: 2,
  ...at,
});
const fact = (name: string, kind: string) => ({
  fact: { node: node(name, kind), title: "Trust policy", text: "" },
});

it("leaves out what holds for everybody", () => {
  const list = [choke(900, fact("FullAccess", "organization-policy")), choke(400, fact("etl", "role"))];
  expect(strongest(list, [])).toBe(list[1]);
  expect(strongest([list[0] as ChokeLike], [])).toBeNull();
});

it("prefers a node of equal weight, and skips both ends", () => {
  const list = [
    choke(400.2, fact("etl", "role")),
    choke(400.1, { node: node("etl") }),
    choke(400.3, { node: node("target") }),
  ];
  expect(strongest(list, ["id-target"])).toBe(list[1]);
  expect(strongest([], [])).toBeNull();
});

it("says the number that says most", () => {
  expect(chokeWords(choke(345, {}))).toBe("−345 estate risk");
  expect(chokeWords(choke(0.2, {}, 2))).toBe("mandatory for 2 assets");
  expect(chokeWords(choke(0, {}))).toBe("2 assets behind it");
  expect(chokeName(choke(1, fact("etl", "role")))).toBe("etl, trust policy");
});
