import { likelihood } from "../../format/numbers";
import type { StateLike, StepLike } from "./model";
import type { Point } from "./route";

/** What a laid-out path consists of. Sizes are fixed here: nothing is measured. */

export const CARD = { width: 160, height: 76 };
export const TARGET_HEIGHT = 98;
export const GATE = 46;
export const CHIP_HEIGHT = 38;
export const ENTRY_WIDTH = 116;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface CardBox extends Box {
  id: string;
  state: StateLike | null;
  node: StateLike["node"];
  /** Kind of the entry where that is its name: a leaked key. */
  word: string | null;
  /** Kind of the entry where the path starts at this very node. */
  starts: string | null;
  entry: boolean;
  target: boolean;
  /** Text on the card when its account has no band. */
  accountText: string | null;
}

export interface GateBox extends Box {
  id: string;
  step: StepLike;
  /** A line enters from below: its words stand above. */
  fromBelow?: boolean;
}

export interface ChipBox extends Box {
  id: string;
  step: StepLike;
}

export interface EdgeLine {
  id: string;
  source: string;
  target: string;
  /** The step the edge belongs to; null into a gate. */
  step: StepLike | null;
  points: Point[];
}

export interface Band extends Box {
  account: string;
  name: string;
  id: string;
}

export interface Layout {
  cards: CardBox[];
  gates: GateBox[];
  chips: ChipBox[];
  edges: EdgeLine[];
  bands: Band[];
  width: number;
  height: number;
}

/** Width of a chip by the length of its two lines: an estimate on the generous side. */
export function chipWidth(step: StepLike): number {
  const sub = `${likelihood(step.likelihood.value)} ${step.likelihood.source}`;
  return Math.round(Math.min(168, 41 + Math.max(step.name.length * 6.5, sub.length * 5.7)));
}

export function middleX(box: Box): number {
  return box.x + box.width / 2;
}

export function middleY(box: Box): number {
  return box.y + box.height / 2;
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
