import { isOutside } from "../../format/kinds";
import * as n from "../../format/numbers";
import { entryWord, OUTCOME } from "../../format/words";
import type { EstateData } from "../../frame/estate";
import { headline, subline } from "./headline";
import type { OverviewData } from "./queries";

/** One page of Markdown to hand over. */
export function brief(estate: EstateData["estate"], data: OverviewData | undefined): string {
  const lines = [`# ${headline(estate)}`, "", subline(estate, data?.fixes?.[0]), ""];
  const { reached, unknown, noPathSeen } = estate.criticalAssets;
  lines.push(
    `Critical assets: ${reached} reached, ${unknown} unknown, ${noPathSeen} no path seen.`,
    `Estate risk: ${n.risk(estate.risk.value)} (95 % ${n.riskInterval(estate.risk.lower, estate.risk.upper)}).`,
    "",
    "## Reachable now",
    "",
    "| asset | label | best path | likelihood | risk |",
    "| --- | --- | --- | --- | --- |",
  );
  for (const row of data?.datastores.nodes ?? []) {
    const path = row.bestPath;
    const steps = path
      ? [
          entryWord(path.entryKind),
          ...path.chain.filter((node) => !isOutside(node.kind)).map((node) => node.name),
        ].join(" > ")
      : "";
    const verb = path ? `${OUTCOME[path.outcome]}: ` : "";
    const likelihood = `${n.likelihoodProse(row.likelihood.value)} (${row.likelihood.lower.toFixed(2)}–${row.likelihood.upper.toFixed(2)})`;
    lines.push(
      `| ${row.node.name} | ${row.label?.name ?? "unknown"} | ${verb}${steps} | ${likelihood} | ${n.risk(row.risk.value)} ${row.level} |`,
    );
  }
  lines.push("", "## Fix first", "");
  for (const [index, fix] of (data?.fixes ?? []).entries()) {
    lines.push(
      `${index + 1}. ${fix.title} (effort ${fix.effort}, risk removed ${n.risk(fix.riskRemoved.value)}, families closed ${fix.closes})`,
    );
  }
  if (data?.fixes === null) lines.push("Changes were still being tried when this was written.");
  return lines.join("\n");
}
