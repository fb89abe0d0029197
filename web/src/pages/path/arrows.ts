import type { Layout } from "./boxes";

/**
 * The card, gate or chip one arrow key away: left and right along the edges,
 * up and down to the nearest one on another level.
 */
export function neighbour(layout: Layout, item: string, key: string): string | null {
  if (key === "ArrowRight") return along(layout, item, 1);
  if (key === "ArrowLeft") return along(layout, item, -1);
  if (key === "ArrowUp") return across(layout, item, -1);
  if (key === "ArrowDown") return across(layout, item, 1);
  return null;
}

function along(layout: Layout, item: string, direction: 1 | -1): string | null {
  for (const edge of layout.edges) {
    const chip = edge.step ? `chip:${edge.step.id}` : null;
    const line = [edge.source, ...(chip ? [chip] : []), edge.target];
    const at = line.indexOf(item);
    const next = at < 0 ? undefined : line[at + direction];
    if (next) return next;
  }
  return null;
}

function across(layout: Layout, item: string, direction: 1 | -1): string | null {
  const boxes = [...layout.cards, ...layout.gates, ...layout.chips];
  const here = boxes.find((box) => box.id === item);
  if (!here) return null;
  const x = here.x + here.width / 2;
  const y = here.y + here.height / 2;
  let best: { id: string; cost: number } | null = null;
  for (const box of boxes) {
    const dy = (box.y + box.height / 2 - y) * direction;
    if (dy < 20) continue;
    const cost = dy + 2 * Math.abs(box.x + box.width / 2 - x);
    if (!best || cost < best.cost) best = { id: box.id, cost };
  }
  return best?.id ?? null;
}
