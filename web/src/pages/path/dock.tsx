import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from "react";
import { useKeys } from "../../frame/keys";
import type { useTrials } from "../../frame/trials";
import { StepEvidence } from "./evidence";
import type { FamilyPath, StepData } from "./queries";
import { StepSide } from "./side";
import { StepList } from "./steplist";

const STORE = "cairn.split";
const LEAST = 180;
const STEP = 32;

/** The picture above, steps, evidence and what rests on the step below. The split is dragged and remembered. */
export function Dock(props: {
  family: FamilyPath;
  steps: readonly StepData[];
  step: StepData;
  trials: ReturnType<typeof useTrials>;
  onStep: (id: string) => void;
  children: ReactNode;
}) {
  const { family, steps, step, trials, onStep } = props;
  const host = useRef<HTMLDivElement>(null);
  const [height, setHeight] = useState<number | null>(stored);
  const resize = (next: number) => {
    const most = (host.current?.clientHeight ?? 800) - LEAST;
    const kept = Math.round(Math.max(LEAST, Math.min(most, next)));
    setHeight(kept);
    try {
      localStorage.setItem(STORE, String(kept));
    } catch {
      // remembered for this page only
    }
  };
  const by = (delta: number) => {
    const now = host.current?.querySelector(".upper")?.clientHeight ?? 360;
    resize(now + delta);
  };
  useKeys([
    { keys: "Ctrl ArrowUp", title: "Smaller picture", run: () => by(-STEP), always: true },
    { keys: "Ctrl ArrowDown", title: "Larger picture", run: () => by(STEP), always: true },
  ]);
  const onPointerDown = (event: PointerEvent<HTMLElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId) || !host.current) return;
    resize(event.clientY - host.current.getBoundingClientRect().top);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowUp") by(-STEP);
    else if (event.key === "ArrowDown") by(STEP);
    else return;
    event.preventDefault();
  };
  return (
    <div className="halves" ref={host}>
      <div className="upper" style={height ? { height } : undefined}>
        {props.children}
      </div>
      <div
        className="bar-h"
        role="separator"
        aria-orientation="horizontal"
        aria-label="Height of the picture"
        aria-valuenow={height ?? 360}
        aria-valuemin={LEAST}
        tabIndex={0}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onKeyDown={onKeyDown}
      />
      <div className="dock">
        <StepList steps={steps} selected={step.id} onStep={onStep} />
        <StepEvidence step={step} />
        <StepSide step={step} family={family} trials={trials} />
      </div>
    </div>
  );
}

function stored(): number | null {
  try {
    const value = Number(localStorage.getItem(STORE));
    return value >= LEAST ? value : null;
  } catch {
    return null;
  }
}
