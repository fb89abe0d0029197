import dagre, { type graphlib } from "@dagrejs/dagre";
import { accountId } from "../../format/text";
import { makeBands } from "./bands";
import {
  type Box,
  CHIP_HEIGHT,
  type ChipBox,
  chipWidth,
  type EdgeLine,
  GATE,
  type Layout,
  middleX,
  middleY,
} from "./boxes";
import { collect, type Parts } from "./collect";
import type { PathLike } from "./model";
import { route } from "./route";
import { chainFolds, type Fold, forkFolds } from "./stack";

/**
 * Places a path from left to right: cards for states, D-shaped gates where a
 * step needs several, chips with their real size on the edges, one band per
 * account. Steps inside an account fold upright where that keeps the picture
 * narrow. Same input, same picture: nothing is measured, nothing is random.
 */

/** Distance between the middles of the two cards of a fold. */
const FOLD = 164;
/** Free space between a card from outside and the first band. */
const GAP = 44;
/** Wider than this and a path without forks is folded too: what fits 1,440 px at 80 %. */
const WIDE = 1690;

export function layoutPath(path: PathLike): Layout {
  const parts = collect(path);
  const first = arrange(parts, forkFolds(parts));
  if (first.width <= WIDE) return first;
  const folds = chainFolds(parts);
  return folds.length > 0 ? arrange(collect(path), folds) : first;
}

function arrange(parts: Parts, folds: readonly Fold[]): Layout {
  const { boxes, labels } = place(parts, folds);
  level(boxes, parts, folds);
  compress(boxes);
  outsideFirst(boxes, parts);
  const chips: ChipBox[] = [];
  const edges: EdgeLine[] = [];
  for (const edge of parts.edges) {
    const from = boxes.get(edge.source);
    const to = boxes.get(edge.target);
    if (!from || !to) continue;
    const fold = folds.some((one) => one.edge === edge.id);
    let chip: Box | null = null;
    if (edge.step) {
      const width = chipWidth(edge.step);
      const x = fold ? middleX(from) : (labels.get(edge.id)?.x ?? (middleX(from) + middleX(to)) / 2);
      const y = fold ? (middleY(from) + middleY(to)) / 2 : chipLevel(from, to, labels.get(edge.id)?.y);
      chip = { x: x - width / 2, y: y - CHIP_HEIGHT / 2, width, height: CHIP_HEIGHT };
      chips.push({ id: `chip:${edge.step.id}`, step: edge.step, ...chip });
    }
    const gate = parts.gates.some((one) => one.id === edge.target);
    edges.push({ ...edge, points: route(from, to, chip, fold ? "upright" : gate ? "gate" : "level") });
  }
  const cards = [...parts.cards.values()].map((card) => ({ ...card, ...(boxes.get(card.id) as Box) }));
  const gates = parts.gates.map((gate) => {
    const box = boxes.get(gate.id) as Box;
    const fromBelow = edges.some(
      (edge) => edge.target === gate.id && (edge.points[0]?.[1] ?? 0) > middleY(box) + 1,
    );
    return { ...gate, ...box, fromBelow };
  });
  const bands = makeBands(cards, gates, chips);
  for (const card of cards) {
    if (card.node.account && !bands.some((band) => band.account === card.node.account)) {
      card.accountText = card.node.accountName ?? accountId(card.node.account);
    }
  }
  return shifted({ cards, gates, chips, edges, bands, width: 0, height: 0 });
}

/** The layered layout. The two cards of a fold enter it as one box. */
function place(parts: Parts, folds: readonly Fold[]) {
  const graph = new dagre.graphlib.Graph({ compound: true, multigraph: true });
  graph.setGraph({ rankdir: "LR", ranker: "tight-tree", nodesep: 84, edgesep: 24, ranksep: 26 });
  const inFold = (id: string) => folds.find((fold) => fold.from === id || fold.to === id);
  const idOf = (id: string) => inFold(id)?.from ?? id;
  for (const card of parts.cards.values()) {
    const fold = inFold(card.id);
    if (fold && fold.to === card.id) continue;
    graph.setNode(card.id, { width: card.width, height: fold ? card.height + FOLD : card.height });
    intoBand(graph, card.id, card.node.account);
  }
  for (const gate of parts.gates) {
    graph.setNode(gate.id, { width: GATE, height: GATE });
    intoBand(graph, gate.id, gate.step.conclusion.node.account);
  }
  for (const edge of parts.edges) {
    if (folds.some((fold) => fold.edge === edge.id)) continue;
    const label = edge.step ? { width: chipWidth(edge.step), height: CHIP_HEIGHT, labelpos: "c" } : {};
    graph.setEdge(idOf(edge.source), idOf(edge.target), label, edge.id);
  }
  dagre.layout(graph);

  const boxes = new Map<string, Box>();
  for (const box of [...parts.cards.values(), ...parts.gates]) {
    const placed = graph.node(idOf(box.id));
    const { width, height } = box;
    boxes.set(box.id, { x: (placed.x ?? 0) - width / 2, y: (placed.y ?? 0) - height / 2, width, height });
  }
  const labels = new Map<string, { x: number; y: number }>();
  for (const edge of parts.edges) {
    if (!edge.step || folds.some((fold) => fold.edge === edge.id)) continue;
    const placed = graph.edge({ v: idOf(edge.source), w: idOf(edge.target), name: edge.id });
    labels.set(edge.id, { x: Number(placed.x), y: Number(placed.y) });
  }
  return { boxes, labels };
}

function intoBand(graph: graphlib.Graph, id: string, account: string | null): void {
  if (!account) return;
  const band = `band:${account}`;
  if (!graph.hasNode(band)) graph.setNode(band, {});
  graph.setParent(id, band);
}

/**
 * Puts what follows each other on one level: a card takes the height of the
 * only card before it, the two of a fold stand apart on the sides their ways go on.
 */
function level(boxes: Map<string, Box>, parts: Parts, folds: readonly Fold[]): void {
  const put = (id: string, y: number) => {
    const box = boxes.get(id);
    if (box) box.y = y - box.height / 2;
  };
  const at = (id: string) => middleY(boxes.get(id) as Box);
  const folded = new Set(folds.map((fold) => fold.edge));
  const onward = (id: string) => parts.edges.filter((edge) => edge.source === id && !folded.has(edge.id));
  const goes = (id: string) => Math.min(...onward(id).map((edge) => at(edge.target)));
  let down = false;
  for (const edge of parts.edges) {
    const fold = folds.find((one) => one.edge === edge.id);
    if (fold) {
      const chain = onward(fold.from).length === 0;
      const upper = chain ? !down : goes(fold.to) <= goes(fold.from);
      // In a chain the start keeps its level and the next fold goes the other way.
      const base = chain ? at(fold.from) : at(fold.from) + (upper ? FOLD / 2 : -FOLD / 2);
      put(fold.from, base);
      put(fold.to, base + (upper ? -FOLD : FOLD));
      down = !down;
      continue;
    }
    const incoming = parts.edges.filter((other) => other.target === edge.target);
    const join = parts.gates.find((gate) => gate.id === edge.target);
    if (join) {
      // A join stands on the level of what it needs inside its own account, else of the last thing it needs.
      const own = incoming.filter(
        (other) => parts.cards.get(other.source)?.node.account === join.step.conclusion.node.account,
      );
      const lead = (own.length > 0 ? own : incoming)[
        Math.max(0, (own.length > 0 ? own : incoming).length - 1)
      ];
      if (lead) put(edge.target, at(lead.source));
    } else if (incoming.length === 1 && onward(edge.source).length === 1) {
      put(edge.target, at(edge.source));
    }
  }
  // What leads into a fold or a fork of one way stands level with where it leads.
  for (const edge of [...parts.edges].reverse()) {
    if (folded.has(edge.id) || parts.gates.some((gate) => gate.id === edge.target)) continue;
    const before = parts.edges.some((other) => other.target === edge.source);
    if (!before && onward(edge.source).length === 1) put(edge.source, at(edge.target));
  }
}

/** Brings rows that the layered layout set far apart as near as two bands allow. */
function compress(boxes: Map<string, Box>): void {
  const all = [...boxes.values()];
  const rows = [...new Set(all.map((box) => Math.round(middleY(box))))].sort((a, b) => a - b);
  const moved = new Map<number, number>();
  rows.forEach((row, index) => {
    const before = rows[index - 1];
    const to = before === undefined ? row : (moved.get(before) as number) + Math.min(row - before, FOLD);
    moved.set(row, to);
  });
  for (const box of all) {
    const row = Math.round(middleY(box));
    box.y += (moved.get(row) as number) - row;
  }
}

/** Whoever comes from outside stands left of everything, so that no band runs under the card. */
function outsideFirst(boxes: Map<string, Box>, parts: Parts): void {
  const outside = [...parts.cards.values()].filter((card) => !card.node.account && card.state === null);
  const inside = [...parts.cards.values()].filter((card) => card.node.account);
  const left = Math.min(...inside.map((card) => boxes.get(card.id)?.x ?? 0));
  for (const card of outside) {
    const box = boxes.get(card.id);
    if (box && inside.length > 0) box.x = Math.min(box.x, left - box.width - GAP);
  }
}

function chipLevel(from: Box, to: Box, placed: number | undefined): number {
  const [a, b] = [middleY(from), middleY(to)];
  if (Math.abs(a - b) < 1) return a;
  // Between two levels the chip keeps the lane the layout reserved, if that is one of the two.
  if (placed !== undefined && Math.abs(placed - a) < Math.abs(placed - b)) return a;
  return b;
}

/** Moves everything so that the picture starts at the origin, in whole pixels. */
function shifted(layout: Layout): Layout {
  const boxes: Box[] = [...layout.cards, ...layout.gates, ...layout.chips, ...layout.bands];
  const left = Math.min(...boxes.map((box) => box.x));
  const top = Math.min(...boxes.map((box) => box.y));
  for (const box of boxes) {
    box.x = Math.round(box.x - left);
    box.y = Math.round(box.y - top);
  }
  for (const edge of layout.edges) {
    edge.points = edge.points.map(([x, y]) => [Math.round(x - left), Math.round(y - top)]);
  }
  layout.width = Math.max(0, ...boxes.map((box) => box.x + box.width));
  layout.height = Math.max(0, ...boxes.map((box) => box.y + box.height));
  return layout;
}
