import { isOutside } from "../../format/kinds";
import { CARD, type CardBox, type EdgeLine, ENTRY_WIDTH, GATE, type GateBox, TARGET_HEIGHT } from "./boxes";
import type { PathLike, StateLike } from "./model";

/** The parts of a picture, not yet placed: a card per state, a gate per join, an edge per step. */
export interface Parts {
  cards: Map<string, CardBox>;
  gates: GateBox[];
  edges: Omit<EdgeLine, "points">[];
}

export function collect(path: PathLike): Parts {
  const cards = new Map<string, CardBox>();
  const gates: GateBox[] = [];
  const edges: Parts["edges"] = [];
  const last = path.steps[path.steps.length - 1];
  const concluded = new Set(path.steps.map((step) => step.conclusion.id));
  const zero = { x: 0, y: 0, accountText: null };

  /** Where someone starts: outside the estate, or with a credential, which is then named by its kind. */
  const entry = (node = path.entry): string => {
    const id = `entry:${node.id}`;
    if (!cards.has(id)) {
      cards.set(id, {
        id,
        state: null,
        node: { ...node, account: null, accountName: null },
        word: isOutside(node.kind) ? null : path.entryKind,
        starts: null,
        entry: true,
        target: false,
        width: node.kind === "internet" ? ENTRY_WIDTH : CARD.width,
        height: CARD.height,
        ...zero,
      });
    }
    return id;
  };
  const card = (state: StateLike): string => {
    const target = state.id === last?.conclusion.id;
    if (!target && isOutside(state.node.kind)) return entry(state.node);
    if (!cards.has(state.id)) {
      cards.set(state.id, {
        id: state.id,
        state,
        node: state.node,
        word: null,
        starts: state.node.id === path.entry.id && !concluded.has(state.id) ? path.entryKind : null,
        entry: !concluded.has(state.id),
        target,
        width: CARD.width,
        height: target && state.label ? TARGET_HEIGHT : CARD.height,
        ...zero,
      });
    }
    return state.id;
  };
  for (const step of path.steps) {
    const sources = [...new Set(step.premises.length > 0 ? step.premises.map(card) : [entry()])];
    const target = card(step.conclusion);
    let source = sources[0] ?? entry();
    if (sources.length > 1) {
      const gate = `gate:${step.id}`;
      gates.push({ id: gate, step, width: GATE, height: GATE, x: 0, y: 0 });
      for (const from of sources)
        edges.push({ id: `in:${step.id}:${from}`, source: from, target: gate, step: null });
      source = gate;
    }
    if (source !== target) edges.push({ id: `step:${step.id}`, source, target, step });
  }
  return { cards, gates, edges };
}
