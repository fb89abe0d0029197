import * as n from "./numbers";

interface Named {
  id: string;
  kind: string;
  name: string;
}

/** A choke point as far as words need it: a node, or a fact of a node. */
export interface ChokeLike {
  node: Named | null;
  fact: { node: Named; title: string; text: string } | null;
  mandatory: readonly { id: string }[];
  riskRemoved: { value: number };
  reach: number;
}

/** The node it stands at. */
export function chokeNode(choke: ChokeLike): Named | null {
  return choke.node ?? choke.fact?.node ?? null;
}

/** Its name: the node, or a document of a node. */
export function chokeName(choke: ChokeLike): string {
  if (choke.node) return choke.node.name;
  return choke.fact ? `${choke.fact.node.name}, ${choke.fact.title.toLowerCase()}` : "";
}

/** The number that says most about it, in words. */
export function chokeWords(choke: ChokeLike): string {
  if (Math.round(choke.riskRemoved.value) > 0) return `${n.signed(-choke.riskRemoved.value)} estate risk`;
  if (choke.mandatory.length > 0) return `mandatory for ${n.plural(choke.mandatory.length, "asset")}`;
  return `${n.plural(choke.reach, "asset")} behind it`;
}

/** What holds for a whole organization or account says little about one path. */
const TOO_WIDE = ["organization", "organizational-unit", "organization-policy", "account"];

/**
 * The one that removes most risk, neither where the path starts nor where it
 * ends. Of equals a node goes before a fact; what holds for a whole
 * organization or account is left out.
 */
export function strongest<C extends ChokeLike>(chokes: readonly C[], ends: readonly string[]): C | null {
  const inner = chokes.filter((choke) => !(choke.node && ends.includes(choke.node.id)));
  const narrow = inner.filter((choke) => !TOO_WIDE.includes(chokeNode(choke)?.kind ?? ""));
  const rank = (choke: C) => Math.round(choke.riskRemoved.value) + (choke.node ? 0.5 : 0);
  return narrow.sort((a, b) => rank(b) - rank(a))[0] ?? null;
}
