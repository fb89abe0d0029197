/** The policy that would close the gaps, ready to attach; sorted, without repeats. */
export function policyOf(gaps: readonly { permission: readonly string[] }[]): string {
  const actions = [...new Set(gaps.flatMap((gap) => gap.permission))].sort();
  const statement = { Sid: "CairnReadGaps", Effect: "Allow", Action: actions, Resource: "*" };
  return JSON.stringify({ Version: "2012-10-17", Statement: actions.length > 0 ? [statement] : [] }, null, 2);
}
