import { describe, expect, it } from "vitest";
import { type FilterField, formatFilter, parseBox, parseFilter, resolve } from "./filter";

const LABEL: FilterField = {
  field: "label",
  title: "Label",
  domain: ["Public", "Internal", "Confidential", "Highly Confidential"],
  ordered: true,
};
const ENCRYPTION: FilterField = {
  field: "encryption",
  title: "Encryption",
  domain: ["none", "aws", "customer"],
};
const KIND: FilterField = { field: "kind", title: "Kind" };
const FIELDS = [LABEL, ENCRYPTION, KIND];

describe("one expression", () => {
  it.each([
    ["kind:bucket", { field: "kind", op: ":", values: ["bucket"] }],
    ["kind=bucket", { field: "kind", op: ":", values: ["bucket"] }],
    ["type:card,ssn", { field: "type", op: ":", values: ["card", "ssn"] }],
    ["encryption!=customer", { field: "encryption", op: "!=", values: ["customer"] }],
    ["label>=Highly Confidential", { field: "label", op: ">=", values: ["Highly Confidential"] }],
    ['label:"a, b",c', { field: "label", op: ":", values: ["a, b", "c"] }],
    ["through:arn:aws:iam::1:role/x", { field: "through", op: ":", values: ["arn:aws:iam::1:role/x"] }],
  ])("%s", (text, filter) => expect(parseFilter(text)).toEqual(filter));
  it.each(["", "bucket", "kind:", ":x", "kind>x", "kind:,"])("%s is none", (text) =>
    expect(parseFilter(text)).toBeNull(),
  );
  it("survives a round trip", () => {
    for (const text of [
      "kind:bucket",
      "type:card,ssn",
      "encryption!=customer",
      "label>=Internal",
      'label:"a, b",c',
    ]) {
      const filter = parseFilter(text);
      expect(filter && formatFilter(filter)).toBe(text);
    }
  });
});

describe("the filter box", () => {
  it("takes the sentence of the acceptance scenario", () => {
    const { filters, rest } = parseBox(
      "kind:bucket label>=confidential encryption!=customer northwind",
      FIELDS,
    );
    expect(filters.map(formatFilter)).toEqual(["kind:bucket", "label>=Confidential", "encryption!=customer"]);
    expect(rest).toBe("northwind");
  });
  it("leaves unknown fields as words", () => {
    expect(parseBox("arn:aws:s3:::x owner:me", FIELDS)).toEqual({
      filters: [],
      rest: "arn:aws:s3:::x owner:me",
    });
  });
  it("finds values whatever their case and spaces", () => {
    expect(parseBox("label:highly-confidential", FIELDS).filters[0]?.values).toEqual(["Highly Confidential"]);
    expect(parseBox('label:"highly confidential"', FIELDS).filters[0]?.values).toEqual([
      "Highly Confidential",
    ]);
  });
});

describe("what the server is asked", () => {
  const ask = (texts: string[], field: FilterField) =>
    resolve(
      texts.flatMap((text) => parseFilter(text) ?? []),
      field,
    );
  it("expands an order", () =>
    expect(ask(["label>=Confidential"], LABEL).values).toEqual(["Confidential", "Highly Confidential"]));
  it("expands a negation", () =>
    expect(ask(["encryption!=customer"], ENCRYPTION).values).toEqual(["none", "aws"]));
  it("joins several filters on one field", () =>
    expect(ask(["label>=Internal", "label!=Confidential"], LABEL).values).toEqual([
      "Internal",
      "Highly Confidential",
    ]));
  it("asks nothing without a filter", () => expect(ask([], LABEL).values).toBeNull());
  it("says why it cannot", () => {
    expect(ask(["kind!=bucket"], KIND).problem).toBe("Kind takes only “is”.");
    expect(ask(["encryption>=aws"], ENCRYPTION).problem).toBe("Encryption has no order.");
    expect(ask(["label>=Secret"], LABEL).problem).toBe("Label has no value “Secret”.");
  });
});
