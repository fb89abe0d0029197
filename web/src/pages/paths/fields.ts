import { entryWord, LEVEL, OUTCOME, STATUS } from "../../format/words";
import type { FilterField } from "../../url/filter";

/** What attack paths can be filtered by. Labels come from the tenant's settings. */
export function pathFields(labels: readonly string[]): FilterField[] {
  return [
    { field: "label", title: "Label", domain: labels, ordered: true },
    {
      field: "level",
      title: "Level",
      domain: ["low", "medium", "high", "critical"],
      ordered: true,
      word: (v) => LEVEL[v as keyof typeof LEVEL] ?? v,
    },
    { field: "entryKind", title: "Entry", word: entryWord },
    {
      field: "outcome",
      title: "Outcome",
      domain: ["read", "write", "destroy", "administer"],
      word: (v) => OUTCOME[v as keyof typeof OUTCOME] ?? v,
    },
    {
      field: "status",
      title: "Status",
      domain: ["decided", "conditional", "unknown"],
      word: (v) => STATUS[v as keyof typeof STATUS] ?? v,
    },
    { field: "account", title: "Account" },
    { field: "target", title: "Asset" },
    { field: "through", title: "Through" },
  ];
}
