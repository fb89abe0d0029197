import type { Parts } from "./collect";

/**
 * Steps drawn upright: the card they lead to stands above or below the one they
 * start from. It keeps a path narrow. Only steps inside one account fold, and a
 * card takes part in one fold at most.
 */
export interface Fold {
  edge: string;
  from: string;
  to: string;
}

/** Folds at forks: one way goes on level, the other upright. */
export function forkFolds(parts: Parts): Fold[] {
  const folds: Fold[] = [];
  for (const edge of parts.edges) {
    if (outgoing(parts, edge.source).length < 2) continue;
    if (foldable(parts, edge) && !taken(folds, edge)) folds.push(asFold(edge));
  }
  return folds;
}

/** Folds of a path without forks and joins, from left to right, every second step at most. */
export function chainFolds(parts: Parts): Fold[] {
  if (parts.gates.length > 0 || parts.edges.some((edge) => outgoing(parts, edge.source).length > 1))
    return [];
  const folds: Fold[] = [];
  for (const edge of parts.edges) {
    if (foldable(parts, edge) && !taken(folds, edge)) folds.push(asFold(edge));
  }
  return folds;
}

type Edge = Parts["edges"][number];

function foldable(parts: Parts, edge: Edge): boolean {
  const from = parts.cards.get(edge.source);
  const to = parts.cards.get(edge.target);
  if (!from || !to || !edge.step || from.entry || to.target) return false;
  if (!from.node.account || from.node.account !== to.node.account) return false;
  return (
    parts.edges.filter((other) => other.target === edge.target).length === 1 &&
    outgoing(parts, edge.target).length > 0
  );
}

function outgoing(parts: Parts, id: string): Edge[] {
  return parts.edges.filter((edge) => edge.source === id);
}

function taken(folds: readonly Fold[], edge: Edge): boolean {
  return folds.some((fold) => [fold.from, fold.to].some((id) => id === edge.source || id === edge.target));
}

function asFold(edge: Edge): Fold {
  return { edge: edge.id, from: edge.source, to: edge.target };
}
