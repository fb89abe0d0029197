import { useEffect, useRef } from "react";
import * as n from "../../format/numbers";
import { list } from "../../format/text";
import { SOURCE } from "../../format/words";
import { providers } from "./model";
import type { StepData } from "./queries";

/** Every step in order; a join stands before the step that needs it. */
export function StepList(props: {
  steps: readonly StepData[];
  selected: string;
  onStep: (id: string) => void;
}) {
  const { steps, selected, onStep } = props;
  const needs = providers(steps);
  const box = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const line = box.current?.querySelector(`[data-step="${CSS.escape(selected)}"]`);
    line?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return (
    <section className="sts" aria-labelledby="steps-h">
      <div className="dh">
        <h2 id="steps-h">Steps</h2>
        <span className="m s12">J and K move</span>
      </div>
      <ol className="sl" ref={box}>
        {steps.map((step) => {
          const from = needs.get(step.id) ?? [];
          const on = step.id === selected;
          return (
            <li key={step.id} data-step={step.id} className={on ? "on" : undefined}>
              {step.premises.length > 1 && (
                <p className="join">
                  <span className="jo" aria-hidden="true">
                    &amp;
                  </span>
                  <span>Join: needs {joinWords(step, from)}</span>
                </p>
              )}
              <button type="button" aria-current={on ? "step" : undefined} onClick={() => onStep(step.id)}>
                <span className="no">{step.number}</span>
                <span className="st">
                  <b className="el">
                    {step.name}
                    {step.status !== "decided" && " ?"}
                    <span className="vh">{step.status === "decided" ? "" : step.status}</span>
                  </b>
                  <em>{step.attack.join(", ") || step.technique}</em>
                </span>
                <span className="pp">
                  <b>{step.status === "unknown" ? "?" : n.likelihood(step.likelihood.value)}</b>
                  <em>{step.status === "unknown" ? "not known" : SOURCE[step.likelihood.source]}</em>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** `step 4 and step 5`, or what is held from the start. */
export function joinWords(step: StepData, from: readonly StepData[]): string {
  const words = from.map((other) => `step ${other.number}`);
  if (words.length < step.premises.length) words.push("what is held at the start");
  return list(words);
}
