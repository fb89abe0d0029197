import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
/** Good practice beyond the standard that this interface keeps as well. */
const MORE = [
  "heading-order",
  "page-has-heading-one",
  "landmark-one-main",
  "landmark-unique",
  "empty-heading",
  "scope-attr-valid",
  "tabindex",
  "label-title-only",
];
/** GraphiQL's own markup; we theme it and do not write it. */
const FOREIGN = [".graphiql-container"];

/** Violations of WCAG 2.2 AA on the page as it stands, one line each. */
export async function audit(page) {
  // The page's policy forbids inline scripts, so axe is evaluated, not injected.
  await page.evaluate(source);
  const result = await page.evaluate(
    ([tags, more, exclude]) =>
      window.axe.run(
        { exclude },
        {
          runOnly: { type: "tag", values: tags },
          rules: Object.fromEntries(more.map((rule) => [rule, { enabled: true }])),
          resultTypes: ["violations"],
        },
      ),
    [TAGS, MORE, FOREIGN],
  );
  return result.violations.map((violation) => {
    const first = violation.nodes
      .slice(0, 3)
      .map((node) => `${node.target.join(" ")} ${node.failureSummary?.split("\n")[1] ?? ""}`);
    return `${violation.id}: ${violation.help}: ${first.join(" ; ")}`;
  });
}
