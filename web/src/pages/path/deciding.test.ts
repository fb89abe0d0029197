import { expect, it } from "vitest";
import { decidingLines, matches } from "./deciding";

it("finds the values that name the nodes of a step", () => {
  const lines = [
    "{",
    '  "Sid": "RunReports",',
    '  "Resource": [',
    '    "arn:aws:iam::444455556666:role/reporting-*",',
    '    "arn:aws:iam::111122223333:role/web-*"',
    "  ]",
    "}",
  ];
  const ids = ["arn:aws:iam::444455556666:role/reporting-etl"];
  expect([...decidingLines(lines, [[1, 7]], ids)]).toEqual([4]);
  expect([...decidingLines(lines, [[5, 7]], ids)]).toEqual([]);
});

it.each([
  ["arn:aws:iam::444455556666:root", "arn:aws:iam::444455556666:role/x", true],
  ["444455556666", "arn:aws:iam::444455556666:role/x", true],
  ["arn:aws:s3:::data/*", "arn:aws:s3:::data", true],
  ["arn:aws:s3:::dat?", "arn:aws:s3:::data", true],
  ["arn:aws:s3:::data.x/*", "arn:aws:s3:::dataxx", false],
  ["*", "arn:aws:s3:::data", false],
  ["arn:aws:s3:::other", "arn:aws:s3:::data", false],
])("%s names %s: %s", (value, id, expected) => expect(matches(value, id)).toBe(expected));
