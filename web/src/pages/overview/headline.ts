import * as n from "../../format/numbers";
import { list } from "../../format/text";
import type { EstateData } from "../../frame/estate";

/** The sentence the page opens with, built from data alone. */
export function headline(estate: EstateData["estate"]): string {
  const { reached, unknown, noPathSeen } = estate.criticalAssets;
  const total = reached + unknown + noPathSeen;
  if (total === 0) return "No critical asset is known yet.";
  const of = `${n.count(reached)} of ${n.plural(total, "critical asset")}`;
  if (reached === 0 && unknown === 0) return "No path to a critical asset was seen.";
  if (reached === 0) return `No path to a critical asset was seen; ${unknown} of ${total} are unknown.`;
  return `${of} can be reached from outside${estate.truncated ? ", at least" : ""}.`;
}

/** One line below it: where from, how many ways, and what helps most. */
export function subline(
  estate: EstateData["estate"],
  fix: { title: string; riskRemoved: { value: number } } | undefined,
): string {
  const parts: string[] = [];
  if (estate.attackPaths > 0) {
    parts.push(
      `${n.plural(estate.attackPaths, "path family", "path families")} with ${n.plural(estate.paths, "path")} lead there.`,
    );
  } else {
    const { unknown, noPathSeen } = estate.criticalAssets;
    const rests = [
      n.plural(estate.accounts.length, "account"),
      n.plural(estate.nodes, "node"),
      `${n.plural(estate.gaps, "gap")} in what was read`,
      `${unknown} of ${unknown + noPathSeen} critical assets unknown`,
    ];
    parts.push(`This rests on ${list(rests)}.`);
  }
  if (fix && estate.risk.value > 0) {
    const part = Math.round((fix.riskRemoved.value / estate.risk.value) * 100);
    parts.push(`The first change below removes ${portion(part)} of the risk.`);
  }
  return parts.join(" ");
}

function portion(percent: number): string {
  const known: [number, string][] = [
    [25, "a quarter"],
    [33, "a third"],
    [50, "half"],
    [67, "two thirds"],
    [75, "three quarters"],
  ];
  return known.find(([value]) => Math.abs(percent - value) <= 1)?.[1] ?? `${percent} %`;
}
