import * as n from "./numbers";

/** What is said where fixes or choke points are not there yet. */
export function trying(trials: { state: string; tried: number; total: number | null } | undefined): string {
  if (trials?.state === "failed") return "Trying changes went wrong; the log of the server says why.";
  if (!trials?.total) return "cairn is still trying changes…";
  return `cairn is still trying changes (${n.grouped(trials.tried)} of ${n.grouped(trials.total)})…`;
}
