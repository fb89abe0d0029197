import type { ReactNode } from "react";
import * as n from "../format/numbers";
import { LEVEL, SOURCE_TITLE } from "../format/words";

export type Level = keyof typeof LEVEL;
export const LEVELS: readonly Level[] = ["critical", "high", "medium", "low"];
const SHORT = { critical: "crit", high: "high", medium: "med", low: "low" } as const;

/** The class that gives the level's colour. */
export function levelClass(level: Level): string {
  return SHORT[level];
}

/** ◆ critical, ▲ high, ◐ medium, ○ low: a shape each, colour second. */
export function LevelShape({ level }: { level: Level }) {
  const fill = `var(--${SHORT[level]}-g)`;
  return (
    <svg className="lv" viewBox="0 0 12 12" role="img" aria-label={LEVEL[level]}>
      {level === "critical" && <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill={fill} />}
      {level === "high" && <path d="M6 1.2 11.3 10.6H.7Z" fill={fill} />}
      {(level === "medium" || level === "low") && (
        <circle cx="6" cy="6" r="4.3" fill="none" stroke={fill} strokeWidth="1.6" />
      )}
      {level === "medium" && <path d="M6 1.7a4.3 4.3 0 0 1 0 8.6Z" fill={fill} />}
    </svg>
  );
}

export interface EstimateValue {
  value: number;
  lower: number;
  upper: number;
  source: keyof typeof SOURCE_TITLE;
}

/** Level shape and the number that always stands beside it. */
export function RiskNumber({ level, value }: { level: Level; value: number }) {
  return (
    <span className={`sev ${SHORT[level]}`}>
      <LevelShape level={level} />
      <b>{n.risk(value)}</b>
    </span>
  );
}

/** `.31 .29–.33`, read aloud with the leading zero. */
export function Likelihood({ of, interval = true }: { of: EstimateValue; interval?: boolean }) {
  const spoken = `${n.likelihoodProse(of.value)}, between ${n.likelihoodProse(of.lower)} and ${n.likelihoodProse(of.upper)}`;
  return (
    <span className="lk" title={SOURCE_TITLE[of.source]}>
      <b aria-hidden="true">{n.likelihood(of.value)}</b>
      {interval && !n.isExact(of, n.likelihood) && (
        <span className="m s12" aria-hidden="true">
          {n.likelihoodInterval(of.lower, of.upper)}
        </span>
      )}
      <span className="vh">{spoken}</span>
    </span>
  );
}

export interface LabelValue {
  name: string;
  rank: number;
  of: number;
}

/** Violet by rank, three steps; the word carries the meaning. */
export function LabelTag({ label }: { label: LabelValue | null | undefined }) {
  if (!label) return <span className="lab unk">unknown</span>;
  return <span className={`lab l${labelStep(label)}`}>{label.name}</span>;
}

/** 0 for the least sensitive label, 3 for the most, spread evenly between. */
export function labelStep(label: LabelValue): number {
  if (label.of < 2) return 3;
  const step = Math.round((label.rank / (label.of - 1)) * 3);
  return label.rank > 0 ? Math.max(1, step) : 0;
}

/** Dot and bar on a common scale, so that overlap is visible. */
export function IntervalPlot({ of, level, max }: { of: EstimateValue; level: Level; max: number }) {
  const width = 96;
  const at = (value: number) => Math.max(0, Math.min(width, (value / max) * width));
  const [from, to, dot] = [at(of.lower), at(of.upper), at(of.value)];
  const colour = `var(--${SHORT[level]}-g)`;
  return (
    <svg className="fp" viewBox={`0 0 ${width} 14`} aria-hidden="true">
      <path d={`M0 7H${width}`} stroke="var(--line)" />
      {to - from > 1 && (
        <path
          d={`M${from} 7H${to}M${from} 4.5v5M${to} 4.5v5`}
          stroke={colour}
          strokeWidth="1.5"
          fill="none"
        />
      )}
      <circle cx={dot} cy="7" r="3" fill={colour} />
    </svg>
  );
}

/** Five pips and the number. */
export function Effort({ value }: { value: number }) {
  return (
    <span className="effort">
      <span className="eff" aria-hidden="true">
        {[1, 2, 3, 4, 5].map((pip) => (
          <i key={pip} className={pip <= value ? "on" : undefined} />
        ))}
      </span>
      <span className="m2">{value}</span>
      <span className="vh"> of 5</span>
    </span>
  );
}

export interface StackPart {
  key: string;
  title: string;
  count: number;
  background: string;
  hatch?: boolean;
}

/** Parts of a whole as one bar; the legend beside it says the same in words. */
export function StackBar({ parts, className = "stk" }: { parts: readonly StackPart[]; className?: string }) {
  return (
    <div className={className} aria-hidden="true">
      {parts
        .filter((part) => part.count > 0)
        .map((part) => (
          <i
            key={part.key}
            className={part.hatch ? "hatch" : undefined}
            style={{ flex: part.count, background: part.hatch ? undefined : part.background }}
          />
        ))}
    </div>
  );
}

export function Swatch({ part }: { part: StackPart }) {
  return (
    <i
      className={part.hatch ? "sw hatch" : "sw"}
      style={part.hatch ? undefined : { background: part.background }}
    />
  );
}

/** Three bars: confidence of a detector, said in the tooltip and for reading aloud. */
export function ConfidenceBars({ value }: { value: "low" | "medium" | "high" }) {
  const bars = { low: 1, medium: 2, high: 3 }[value];
  return (
    <span className={`cf c${bars}`} title={`confidence ${value}`}>
      <i />
      <i />
      <i />
      <span className="vh">confidence {value}</span>
    </span>
  );
}

export function Tag({ tone, children }: { tone?: string; children: ReactNode }) {
  return <span className={tone ? `tag ${tone}` : "tag"}>{children}</span>;
}
