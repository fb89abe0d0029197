import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { conditions, SOURCE, TASK } from "../../format/words";
import { LabelTag } from "../../ui/marks";
import { holds, providers } from "./model";
import type { FamilyPath, PathData, StepData } from "./queries";

/** The same path as an indented tree, complete in text. A join is "all of". */
export function Outline(props: {
  family: FamilyPath;
  path: PathData;
  selected: string;
  onStep: (id: string) => void;
}) {
  const { path } = props;
  const needs = providers(path.steps);
  const last = path.steps[path.steps.length - 1];
  const shown = new Set<string>();
  if (!last) return null;
  return (
    <section className="outline" tabIndex={0} aria-label="Outline of the path">
      <p className="m">
        Read from the goal back to the entry: each step stands above what it needs. Likelihoods are assumed
        priors unless a source is named.
      </p>
      <ul className="tree">
        <Branch step={last} {...props} needs={needs} shown={shown} />
      </ul>
    </section>
  );
}

interface BranchProps {
  step: StepData;
  family: FamilyPath;
  needs: Map<string, StepData[]>;
  shown: Set<string>;
  selected: string;
  onStep: (id: string) => void;
}

function Branch(props: BranchProps) {
  const { step, family, needs, shown, selected, onStep } = props;
  const from = needs.get(step.id) ?? [];
  if (shown.has(step.id)) {
    return (
      <li className="again m">
        Step {step.number}, {step.name}: as above
      </li>
    );
  }
  shown.add(step.id);
  const held = step.premises.filter((premise) => !from.some((other) => other.conclusion.id === premise.id));
  return (
    <li className={step.id === selected ? "on" : undefined}>
      <button
        type="button"
        className="oh"
        onClick={() => onStep(step.id)}
        aria-current={step.id === selected ? "step" : undefined}
      >
        <span className="no">{step.number}</span>
        <b>{step.name}</b>
        <span className="m2">{step.title}</span>
        <span className="m s12">
          {n.likelihoodProse(step.likelihood.value)} {SOURCE[step.likelihood.source]}
          {step.attack.length > 0 && `, ${step.attack.join(", ")}`}
        </span>
      </button>
      <p className="og">
        Attacker <b>{holds(step.conclusion)}</b> {step.conclusion.node.name}, {step.conclusion.node.kindTitle}
        {step.conclusion.node.account && `, ${t.accountName(step.conclusion.node)}`}{" "}
        {step.conclusion.label && <LabelTag label={step.conclusion.label} />}
      </p>
      <Details step={step} />
      {step.premises.length > 1 && <p className="of">needs all of</p>}
      {(from.length > 0 || held.length > 0 || step.premises.length === 0) && (
        <ul>
          {from.map((other) => (
            <Branch key={other.id} {...props} step={other} />
          ))}
          {held.map((state) => (
            <li key={state.id} className="start">
              Starts here: {state.node.name}, attacker {holds(state)}
            </li>
          ))}
          {step.premises.length === 0 && <li className="start">Starts here: {family.entry.name}</li>}
        </ul>
      )}
    </li>
  );
}

function Details({ step }: { step: StepData }) {
  const lines = [
    ...conditions(step.conditions).map((text) => `Only if ${text}`),
    ...step.assumptions.map((text) => `Assumed: ${text}`),
    ...step.gaps.map(
      (gap) => `Not seen: ${gap.service} ${gap.operation}, ${TASK[gap.outcome]} in ${t.accountName(gap)}`,
    ),
  ];
  return (
    <ul className="od">
      {step.evidence.map((evidence, index) => (
        <li key={`${evidence.node.id}:${evidence.pointer}:${index}`}>
          {evidence.title} of {evidence.node.name}
          {evidence.pointer && (
            <>
              {" "}
              at <code>{evidence.pointer}</code>
            </>
          )}
          {evidence.lines && `, lines ${evidence.lines[0]} to ${evidence.lines[1]}`}: {evidence.text}{" "}
          <span className="m">
            ({evidence.call}
            {evidence.readAt && `, ${t.moment(evidence.readAt)}`})
          </span>
        </li>
      ))}
      {lines.map((text) => (
        <li key={text}>{text}</li>
      ))}
      {step.verify && <li>Verify by hand: {step.verify}</li>}
    </ul>
  );
}
