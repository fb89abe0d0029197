import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { conditions, OUTCOME, SOURCE } from "../../format/words";
import { holds, providers } from "./model";
import type { FamilyPath, PathData } from "./queries";

/** The path as a document to hand over: steps, evidence, what closes it. */
export function pathMarkdown(family: FamilyPath, path: PathData): string {
  const needs = providers(path.steps);
  const out = [
    `# ${family.title}`,
    "",
    `Someone at ${family.entry.name} ${OUTCOME[family.outcome]} ${family.target.name}` +
      `${family.label ? ` (${family.label.name})` : ""}. Nobody has been seen doing it.`,
    "",
    `Risk ${n.risk(family.risk.value)} (${n.riskInterval(family.risk.lower, family.risk.upper)}), ${family.level}: ` +
      `likelihood ${n.likelihoodProse(family.likelihood.value)} × impact ${n.grouped(family.impact)}. ` +
      `Path ${path.number} of ${family.count}, likelihood ${n.likelihoodProse(path.likelihood.value)}, ${path.status}.`,
    "",
    "## Steps",
    "",
  ];
  for (const step of path.steps) {
    const from = (needs.get(step.id) ?? []).map((other) => `step ${other.number}`);
    out.push(
      `### ${step.number}. ${step.name}`,
      "",
      `${t.sentence(step.title)}. Attacker ${holds(step.conclusion)} ${step.conclusion.node.id}.`,
      "",
      `- likelihood ${n.likelihoodProse(step.likelihood.value)}, ${SOURCE[step.likelihood.source]}; ${step.status}`,
    );
    if (from.length > 0) out.push(`- needs ${t.list(from)}`);
    if (step.attack.length > 0) out.push(`- ATT&CK ${step.attack.join(", ")}`);
    for (const text of conditions(step.conditions)) out.push(`- only if ${text}`);
    for (const text of step.assumptions) out.push(`- assumed: ${text}`);
    for (const gap of step.gaps) out.push(`- not seen: ${gap.service} ${gap.operation} (${gap.outcome})`);
    for (const evidence of step.evidence) {
      const place = [
        evidence.pointer && `\`${evidence.pointer}\``,
        evidence.lines && `lines ${evidence.lines.join("-")}`,
      ];
      out.push(
        `- evidence: ${evidence.title} of ${evidence.node.id} ${place.filter(Boolean).join(", ")}: ${evidence.text}` +
          ` (${evidence.call}${evidence.readAt ? `, ${evidence.readAt}` : ""})`,
      );
    }
    if (step.verify) out.push("", `Verify by hand: ${step.verify}`);
    out.push("");
  }
  out.push("## What closes it", "");
  for (const fix of family.closedBy ?? []) {
    out.push(`- ${fix.title} (effort ${fix.effort}, risk removed ${n.risk(fix.riskRemoved.value)})`);
  }
  if (family.closedBy === null) out.push("Changes were still being tried when this was written.");
  else if (family.closedBy.length === 0) out.push("No single change closes it.");
  return out.join("\n");
}
