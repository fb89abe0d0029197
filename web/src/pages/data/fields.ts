import { ANSWER, AT_REST, EXPOSURE, type Exposure, LABEL_SOURCE } from "../../format/words";
import type { FilterField } from "../../url/filter";

/** What datastores can be filtered by. */
export function dataFields(labels: readonly string[]): FilterField[] {
  return [
    { field: "kind", title: "Kind" },
    { field: "label", title: "Label", domain: [...labels, "unknown"], ordered: true },
    { field: "type", title: "Type" },
    { field: "regime", title: "Regime" },
    {
      field: "exposure",
      title: "Exposure",
      domain: ["none", "internal", "restricted", "partner", "broad", "internet", "unknown"],
      ordered: true,
      word: (v) => EXPOSURE[v as Exposure]?.word ?? v,
    },
    {
      field: "encryption",
      title: "Encryption",
      domain: ["none", "aws", "customer", "unknown"],
      word: (v) => AT_REST[v] ?? v,
    },
    {
      field: "answer",
      title: "Reached",
      domain: ["reached", "unknown", "noPathSeen"],
      word: (v) => ANSWER[v as keyof typeof ANSWER] ?? v,
    },
    {
      field: "source",
      title: "How known",
      domain: ["scan", "catalogue", "declared", "assumed", "none"],
      word: (v) => LABEL_SOURCE[v as keyof typeof LABEL_SOURCE] ?? v,
    },
    { field: "account", title: "Account" },
    {
      field: "critical",
      title: "Critical",
      domain: ["true", "false"],
      word: (v) => (v === "true" ? "yes" : "no"),
    },
  ];
}
