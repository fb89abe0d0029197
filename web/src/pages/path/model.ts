import type { LabelValue } from "../../ui/marks";

/** What layout and outline need of a path; a subset of what the API gives. */
export interface StateLike {
  id: string;
  kind: "controls" | "executes" | "reaches" | "knows" | "reads" | "writes" | "destroys" | "administers";
  node: {
    id: string;
    kind: string;
    kindTitle: string;
    name: string;
    account: string | null;
    accountName: string | null;
  };
  qualifier: string | null;
  port: number | null;
  label?: LabelValue | null;
}

export interface StepLike {
  id: string;
  number: number;
  name: string;
  status: "decided" | "conditional" | "unknown";
  premises: readonly StateLike[];
  conclusion: StateLike;
  likelihood: { value: number; source: string };
}

export interface PathLike {
  entry: StateLike["node"];
  entryKind: string;
  target: { id: string };
  steps: readonly StepLike[];
}

/** Steps that conclude what a step needs, by step id. Each step has its own list. */
export function providers<S extends StepLike>(steps: readonly S[]): Map<string, S[]> {
  const concluded = new Map<string, S>();
  const out = new Map<string, S[]>();
  for (const step of steps) {
    out.set(
      step.id,
      step.premises.flatMap((premise) => concluded.get(premise.id) ?? []),
    );
    concluded.set(step.conclusion.id, step);
  }
  return out;
}

/** What the attacker holds, as a card says it after the word attacker. */
export function holds(state: StateLike): string {
  if (state.kind === "reaches") return state.port ? `reaches port ${state.port}` : "reaches";
  if (state.qualifier) return `${state.kind}, by ${state.qualifier}`;
  return state.kind;
}
