import { expect, it } from "vitest";
import { toCsv } from "./csv";

it("writes circumstances first, quotes what needs it and defuses formulas", () => {
  const rows = [
    { name: 'a "quoted", name', value: 1.5, open: true, none: null },
    { name: "=HYPERLINK(1)", value: -3, open: false, none: undefined },
  ];
  expect(toCsv(rows, { snapshot: "s-1" })).toBe(
    [
      "# snapshot: s-1",
      "name,value,open,none",
      '"a ""quoted"", name",1.5,true,',
      "'=HYPERLINK(1),-3,false,",
      "",
    ].join("\r\n"),
  );
});

it("survives an empty list", () => expect(toCsv([], { filters: "none" })).toBe("# filters: none\r\n\r\n"));
