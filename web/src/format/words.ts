/** Words for the enumerations of the API. */

const ENTRY: Record<string, { word: string; icon: string }> = {
  internet: { word: "Internet", icon: "internet" },
  anonymous: { word: "Internet", icon: "internet" },
  "any-aws-principal": { word: "Any AWS account", icon: "thirdparty" },
  "any-principal": { word: "Any AWS account", icon: "thirdparty" },
  "foreign-account": { word: "Third party", icon: "thirdparty" },
  "external-account": { word: "Third party", icon: "thirdparty" },
  "ci-identity": { word: "CI identity", icon: "ci" },
  "vulnerable-workload": { word: "Exposed workload", icon: "compute" },
  "exposed-workload": { word: "Exposed workload", icon: "compute" },
  "leaked-key": { word: "Leaked key", icon: "key" },
  "phished-user": { word: "Phished user", icon: "user" },
  insider: { word: "Insider", icon: "user" },
  "assume-breach": { word: "Assumed breach", icon: "warn" },
};

export function entryWord(kind: string): string {
  return ENTRY[kind]?.word ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll("-", " ");
}

export function entryIcon(kind: string): string {
  return ENTRY[kind]?.icon ?? "warn";
}

/** The outcome before the target in a list; nothing for the usual one. */
export const OUTCOME = {
  read: "reads",
  write: "writes",
  destroy: "destroys",
  administer: "administers",
} as const;

export const LEVEL = { critical: "Critical", high: "High", medium: "Medium", low: "Low" } as const;

export const STATUS = {
  decided: "Decided",
  conditional: "Conditional",
  unknown: "Unknown",
} as const;

export const ANSWER = { reached: "reached", unknown: "unknown", noPathSeen: "no path seen" } as const;

export const EXPOSURE = {
  internet: { word: "Internet", icon: "internet", tone: "up" },
  broad: { word: "Broad", icon: "internet", tone: "high" },
  partner: { word: "Partner", icon: "thirdparty", tone: "" },
  restricted: { word: "Restricted", icon: "endpoint", tone: "" },
  internal: { word: "Internal", icon: "shield", tone: "" },
  none: { word: "None", icon: "ban", tone: "" },
  unknown: { word: "Unknown", icon: "gap", tone: "" },
} as const;

export type Exposure = keyof typeof EXPOSURE;

export const LABEL_SOURCE = {
  scan: "Sampled",
  catalogue: "Catalogue",
  declared: "Declared",
  assumed: "Assumed",
  none: "Not read",
} as const;

export const AT_REST: Record<string, string> = {
  customer: "Customer key",
  aws: "AWS key",
  none: "None",
  unknown: "Unknown",
};

export const TASK = {
  ok: "read",
  empty: "empty",
  denied: "denied",
  throttled: "throttled",
  unsupported: "unsupported",
  timeout: "timed out",
  truncated: "truncated",
  malformed: "malformed",
  notCollected: "not part of the source",
} as const;

export type TaskOutcome = keyof typeof TASK;

export const SOURCE = {
  assumed: "assumed",
  EPSS: "EPSS",
  KEV: "KEV",
  measured: "measured",
  derived: "derived",
} as const;

export const SOURCE_TITLE = {
  assumed: "A prior nobody measured; change it in the settings file.",
  EPSS: "Exploit Prediction Scoring System, as of the imported scores.",
  KEV: "Listed as known to be exploited.",
  measured: "Measured in this estate.",
  derived: "Follows from configuration; no uncertainty of its own.",
} as const;

/** A condition that is left over, in words. */
export function condition(c: {
  key: string;
  operator: string;
  values: readonly string[];
  negated: boolean;
}): string {
  const values = c.values.length > 0 ? ` ${c.values.join(" or ")}` : "";
  return `${c.negated ? "not " : ""}${c.key} ${c.operator}${values}`;
}

/** Alternatives of conditions, each an AND. */
export function conditions(alternatives: readonly (readonly Parameters<typeof condition>[0][])[]): string[] {
  return alternatives.map((all) => all.map(condition).join(" and "));
}
