import { describe, expect, it } from "vitest";
import { type Box, overlap } from "./boxes";
import { layoutPath } from "./layout";
import type { PathLike, StateLike, StepLike } from "./model";

const node = (name: string, account: string | null) => ({
  id: `arn:${name}`,
  kind: name === "internet" ? "internet" : name.startsWith("b-") ? "bucket" : "role",
  kindTitle: "IAM role",
  name,
  account,
  accountName: account && `acc-${account}`,
});
const state = (name: string, account: string | null): StateLike => ({
  id: `controls:${name}`,
  kind: "controls",
  node: node(name, account),
  qualifier: null,
  port: null,
});

/** `a,b>c` is a step from a and b to c; a name before a slash is its account. */
function path(text: string): PathLike {
  const parse = (word: string) => {
    const [account, name] = word.includes("/") ? word.split("/") : [null, word];
    return state(name ?? "", account ?? null);
  };
  const steps: StepLike[] = text.split(" ").map((one, index) => {
    const [from = "", to = ""] = one.split(">");
    return {
      id: `s${index}`,
      number: index + 1,
      name: "Assume role",
      status: "decided",
      premises: from === "" ? [] : from.split(",").map(parse),
      conclusion: parse(to),
      likelihood: { value: 0.9, source: "assumed" },
    };
  });
  return {
    entry: node("internet", null),
    entryKind: "internet",
    target: steps[steps.length - 1]?.conclusion.node ?? { id: "" },
    steps,
  };
}

const JOINED = "internet>w/web w/web>w/role w/role>d/etl d/etl>d/secret w/web>c/port d/secret,c/port>c/b-db";
const CASES: Record<string, string> = {
  "one step": "internet>a/b-bucket",
  "no premise": ">a/user a/user>a/role a/role>a/b-bucket",
  chain: "internet>w/web w/web>w/role w/role>d/etl d/etl>d/b-bucket",
  join: JOINED,
  "long chain": "internet>a/n1 a/n1>a/n2 a/n2>b/n3 b/n3>b/n4 b/n4>c/n5 c/n5>c/n6 c/n6>d/n7 d/n7>d/b-x",
  "back and forth": "internet>a/n1 a/n1>b/n2 b/n2>a/n3 a/n3>b/b-x",
  "two entries": "internet>a/port a/user>a/secret a/port,a/secret>a/b-db",
  "three needs": "internet>a/x internet>b/y internet>c/z a/x,b/y,c/z>c/b-db",
};

const clashes = (boxes: readonly Box[]) =>
  boxes.flatMap((one, index) => boxes.slice(index + 1).filter((other) => overlap(one, other)));

describe.each(Object.entries(CASES))("layout of %s", (_, text) => {
  const layout = layoutPath(path(text));
  it("is the same every time", () => expect(layoutPath(path(text))).toEqual(layout));
  it("draws every step once", () => {
    expect(layout.edges.filter((edge) => edge.step).length).toBe(text.split(" ").length);
    expect(layout.chips.length).toBe(text.split(" ").length);
  });
  it("keeps cards, gates and chips apart", () =>
    expect(clashes([...layout.cards, ...layout.gates, ...layout.chips])).toEqual([]));
  it("keeps bands apart, and strangers out of them", () => {
    expect(clashes(layout.bands)).toEqual([]);
    for (const band of layout.bands) {
      const strangers = layout.cards.filter(
        (card) => card.node.account !== band.account && overlap(card, band),
      );
      expect(strangers).toEqual([]);
    }
  });
  it("names the account on a card that has no band", () => {
    for (const card of layout.cards) {
      const banded = layout.bands.some((band) => band.account === card.node.account);
      if (card.node.account) expect(card.accountText === null).toBe(banded);
    }
  });
  it("draws lines at right angles, from box to box", () => {
    for (const edge of layout.edges) {
      edge.points.slice(1).forEach(([x, y], index) => {
        const [px, py] = edge.points[index] ?? [0, 0];
        expect(x === px || y === py).toBe(true);
      });
    }
  });
  it("starts at the origin", () => {
    const boxes = [...layout.cards, ...layout.gates, ...layout.chips, ...layout.bands];
    expect(Math.min(...boxes.map((box) => box.x))).toBe(0);
    expect(Math.min(...boxes.map((box) => box.y))).toBe(0);
  });
});

it("puts one gate before a step that needs two states", () => {
  const layout = layoutPath(path(JOINED));
  expect(layout.gates.length).toBe(1);
  expect(layout.edges.filter((edge) => edge.target === layout.gates[0]?.id).length).toBe(2);
});

it("fits a six-step path with a join into 1,440 pixels at 80 %", () => {
  expect(layoutPath(path(JOINED)).width * 0.8).toBeLessThan(1440 - 56 - 32);
});
