/** Right-angled lines between boxes. */

export type Point = [x: number, y: number];

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * Level: from the right side of one box to the left side of another, through the
 * middle of the chip where there is one. Bends lie beside the boxes, where
 * layout keeps free space. Upright: between bottom and top of two boxes above
 * each other.
 */
export function route(
  from: Box,
  to: Box,
  chip: Box | null,
  how: "level" | "upright" | "gate" = "level",
): Point[] {
  if (how === "upright") {
    const x = from.x + from.width / 2;
    return from.y < to.y
      ? [
          [x, from.y + from.height],
          [x, to.y],
        ]
      : [
          [x, from.y],
          [x, to.y + to.height],
        ];
  }
  const start: Point = [from.x + from.width, from.y + from.height / 2];
  const end: Point = [to.x, to.y + to.height / 2];
  const gap = end[0] - start[0];
  if (!chip) {
    if (Math.abs(start[1] - end[1]) < 1) return [start, end];
    if (how === "gate") {
      // Into a join from another level: through its top or bottom.
      const x = to.x + to.width / 2;
      return [start, [x, start[1]], [x, start[1] < end[1] ? to.y : to.y + to.height]];
    }
    const x = end[0] - Math.min(24, gap / 2);
    return [start, [x, start[1]], [x, end[1]], end];
  }
  const level = chip.y + chip.height / 2;
  const points: Point[] = [start];
  if (level !== start[1]) {
    const x = start[0] + Math.max(6, Math.min(12, (chip.x - start[0]) / 2));
    points.push([x, start[1]], [x, level]);
  }
  if (level !== end[1]) {
    const right = chip.x + chip.width;
    const x = end[0] - Math.max(12, Math.min(18, (end[0] - right) / 2));
    points.push([x, level], [x, end[1]]);
  }
  points.push(end);
  return points;
}

/** SVG path of the line with rounded corners. */
export function pathOf(points: readonly Point[], radius = 8): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let out = `M${first[0]} ${first[1]}`;
  rest.forEach((point, index) => {
    const next = rest[index + 1];
    if (!next) {
      out += `L${point[0]} ${point[1]}`;
      return;
    }
    const before = index === 0 ? first : (rest[index - 1] as Point);
    const r = Math.min(radius, distance(before, point) / 2, distance(point, next) / 2);
    const a = towards(point, before, r);
    const b = towards(point, next, r);
    out += `L${a[0]} ${a[1]}Q${point[0]} ${point[1]} ${b[0]} ${b[1]}`;
  });
  return out;
}

/** The head of an arrow that ends at the last point. */
export function headOf(points: readonly Point[], size = 8): string {
  const end = points[points.length - 1] ?? [0, 0];
  const before = points[points.length - 2] ?? end;
  const [dx, dy] = [Math.sign(end[0] - before[0]), Math.sign(end[1] - before[1])];
  const back: Point = [end[0] - dx * size, end[1] - dy * size];
  const half = size * 0.56;
  return `M${back[0] - dy * half} ${back[1] - dx * half}L${end[0]} ${end[1]}L${back[0] + dy * half} ${back[1] + dx * half}Z`;
}

function distance(a: Point, b: Point): number {
  return Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
}

function towards(from: Point, to: Point, by: number): Point {
  const length = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) / length) * by, from[1] + ((to[1] - from[1]) / length) * by];
}
