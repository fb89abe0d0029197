import * as n from "./numbers";

interface Named {
  id: string;
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

/** Its name: the node, or what document of which node. */
export function chokeName(choke: ChokeLike): string {
  if (choke.node) return choke.node.name;
  return choke.fact ? `${choke.fact.title.toLowerCase()} of ${choke.fact.node.name}` : "";
}

/** The number that says most about it, in words. */
export function chokeWords(choke: ChokeLike): string {
  if (Math.round(choke.riskRemoved.value) > 0) return `${n.signed(-choke.riskRemoved.value)} estate risk`;
  if (choke.mandatory.length > 0) return `mandatory for ${n.plural(choke.mandatory.length, "asset")}`;
  return `${n.plural(choke.reach, "asset")} behind it`;
}

/** The strongest one that is neither where the path starts nor where it ends. */
export function strongest<C extends ChokeLike>(chokes: readonly C[], ends: readonly string[]): C | null {
  return chokes.find((choke) => !(choke.node && ends.includes(choke.node.id))) ?? null;
}
