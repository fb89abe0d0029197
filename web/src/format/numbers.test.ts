import { describe, expect, it } from "vitest";
import * as n from "./numbers";

describe("likelihood", () => {
  it.each([
    [0.31, ".31"],
    [1, "1.00"],
    [0.9, ".90"],
    [0.004, "< .01"],
    [0.01, ".01"],
    [0.999, "1.00"],
    [0, "0"],
  ])("%f in a cell", (value, text) => expect(n.likelihood(value)).toBe(text));
  it("keeps the zero in prose", () => {
    expect(n.likelihoodProse(0.31)).toBe("0.31");
    expect(n.likelihoodProse(0.004)).toBe("less than 0.01");
  });
  it("is never a percentage", () => {
    for (let value = 0; value <= 1; value += 0.001) expect(n.likelihood(value)).not.toContain("%");
  });
  it.each([
    [0.29, 0.33, ".29–.33"],
    [0.08, 0.08, ".08"],
    [0, 0.2, "0–.20"],
    [0.001, 0.02, ".00–.02"],
    [0.97, 1, ".97–1.00"],
  ])("interval %f to %f", (lower, upper, text) => expect(n.likelihoodInterval(lower, upper)).toBe(text));
});

describe("risk", () => {
  it.each([
    [279.4, "279"],
    [0.3, "< 1"],
    [0, "0"],
    [1011.2, "1,011"],
  ])("%f", (value, text) => expect(n.risk(value)).toBe(text));
  it("writes intervals with an en dash", () => {
    expect(n.riskInterval(227.2, 258.9)).toBe("227–259");
    expect(n.riskInterval(30.1, 30.2)).toBe("30");
    expect(n.riskInterval(941, 1011)).toBe("941–1,011");
  });
});

describe("count", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1011, "1,011"],
    [9999, "9,999"],
    [10_000, "10 k"],
    [48_120, "48 k"],
    [2_100_000, "2.1 M"],
    [2_000_000, "2 M"],
    [3_400_000_000, "3.4 G"],
  ])("%i", (value, text) => expect(n.count(value)).toBe(text));
});

describe("share", () => {
  it.each([
    [0.38, 0.44, "38–44 %"],
    [0.99, 1, "99–100 %"],
    [0.009, 0.014, "0.9–1.4 %"],
    [0.5, 0.5, "50 %"],
  ])("%f to %f", (lower, upper, text) => expect(n.share(lower, upper)).toBe(text));
  it("rounds a bound up, so that it stays one", () => {
    expect(n.shareBound(0.003)).toBe("≤ 0.3 %");
    expect(n.shareBound(0.0031)).toBe("≤ 0.4 %");
    expect(n.shareBound(0.121)).toBe("≤ 13 %");
  });
});

describe("portion", () => {
  it("never rounds to all or nothing", () => {
    expect(n.portion(9999, 10_000)).toBe("99.9 %");
    expect(n.portion(1, 100_000)).toBe("< 0.1 %");
    expect(n.portion(10, 10)).toBe("100 %");
    expect(n.portion(0, 10)).toBe("0 %");
    expect(n.portion(0, 0)).toBe("100 %");
  });
});

describe("signed and plural", () => {
  it("uses a true minus", () => {
    expect(n.signed(-345)).toBe("−345");
    expect(n.signed(21)).toBe("+21");
    expect(n.signed(0.2)).toBe("0");
  });
  it("counts words", () => {
    expect(n.plural(1, "path")).toBe("1 path");
    expect(n.plural(0, "path")).toBe("0 paths");
    expect(n.plural(12_000, "family", "families")).toBe("12 k families");
  });
});

describe("bytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1536, "1.5 KiB"],
    [48_000_000_000, "45 GiB"],
  ])("%i", (value, text) => expect(n.bytes(value)).toBe(text));
});
