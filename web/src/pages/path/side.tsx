import type { ReactNode } from "react";
import { Link } from "wouter";
import { chokeName, strongest } from "../../format/choke";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { conditions, SOURCE, TASK } from "../../format/words";
import { Trying, type useTrials } from "../../frame/trials";
import { CopyButton } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { useUrl } from "../../url/state";
import type { FamilyPath, StepData } from "./queries";

/** What rests on a step: the change that removes it, factors, conditions, assumptions, coverage. */
export function StepSide(props: {
  step: StepData;
  family: FamilyPath;
  trials: ReturnType<typeof useTrials>;
}) {
  const { step, family, trials } = props;
  const url = useUrl();
  const fixes = (family.closedBy ?? []).filter((fix) => touches(fix, step));
  const left = conditions(step.conditions);
  const here = [...step.premises, step.conclusion].map((state) => state.node.id);
  const choke = strongest(
    (family.choke ?? []).filter((one) => {
      if (one.node) return here.includes(one.node.id);
      return step.evidence.some((e) => e.node.id === one.fact?.node.id && e.pointer === one.fact.pointer);
    }),
    [family.entry.id, family.target.id],
  );
  return (
    <section className="sd" aria-labelledby="side-h">
      <div className="dh">
        <h2 id="side-h">What rests on this step</h2>
      </div>
      <div className="side" tabIndex={0} role="group" aria-labelledby="side-h">
        {choke && (
          <div>
            <h3>
              <Icon name="choke" size="s" />
              <span className="el" title={chokeName(choke)}>
                Choke point: {chokeName(choke)}
              </span>
            </h3>
            <dl className="kv">
              <div>
                <dt>Mandatory</dt>
                <dd>{n.plural(choke.mandatory.length, "asset")}</dd>
              </div>
              <div>
                <dt>Risk removed</dt>
                <dd className="fixc">{n.risk(choke.riskRemoved.value)}</dd>
              </div>
              <div>
                <dt>Reach</dt>
                <dd>{n.plural(choke.reach, "asset")}</dd>
              </div>
            </dl>
          </div>
        )}
        {family.closedBy === null && <Trying trials={trials} />}
        {fixes.map((fix) => (
          <div className="fxb" key={fix.id}>
            <Icon name="fix" size="s" />
            <p>
              <b>{fix.title}</b>{" "}
              <span className="m2">
                closes {n.plural(fix.closes, "family", "families")}; effort {fix.effort} of 5;{" "}
                <span className="fixc b">{n.signed(-fix.riskRemoved.value)} estate risk</span>
              </span>
            </p>
          </div>
        ))}
        <Block icon="info" title="Likelihood">
          {step.factors.map((factor) => (
            <Line key={factor.key} icon="minus">
              {n.likelihood(factor.value)} {SOURCE[factor.source]}: {factor.reason || factor.name}
            </Line>
          ))}
          {step.factors.length === 0 && <Line icon="minus">1.00, derived: follows from configuration</Line>}
        </Block>
        <Block icon="shield" title="Effective decision">
          {step.checks.map((check) => (
            <Line
              key={check.name}
              icon={check.outcome === "pass" ? "check" : check.outcome === "fail" ? "x" : "gap"}
            >
              {check.name}
              {check.outcome !== "pass" && ` (${check.outcome})`}
              {check.settledBy && <span className="m">: {check.settledBy}</span>}
            </Line>
          ))}
          {step.checks.length === 0 && <Line icon="minus">Nothing had to be decided</Line>}
        </Block>
        <Block icon="info" title="Assumptions">
          {left.map((text) => (
            <Line key={text} icon="warn">
              Only if {text}
            </Line>
          ))}
          {step.assumptions.map((text) => (
            <Line key={text} icon="minus">
              {text}
            </Line>
          ))}
          {left.length === 0 && <Line icon="minus">No condition is left over in this step</Line>}
        </Block>
        <Block icon="gap" title="Coverage">
          {step.gaps.map((gap) => (
            <Line key={gap.id} icon="warn">
              <Link className="textlink" href={url.href("/coverage", { f: `service:${gap.service}` })}>
                {gap.service} {gap.operation}
              </Link>{" "}
              {TASK[gap.outcome]} in {t.accountName(gap)}
            </Line>
          ))}
          {step.gaps.length === 0 && <Line icon="check">Everything this step needs was read</Line>}
        </Block>
        {step.verify && (
          <Block icon="check" title="Verify by hand">
            <li className="vf">
              <span>{step.verify}</span>
              <CopyButton className="ib" text={() => step.verify ?? ""} label="Copy the check">
                <Icon name="copy" size="s" />
              </CopyButton>
            </li>
          </Block>
        )}
      </div>
    </section>
  );
}

function Block({ icon, title, children }: { icon: string; title: string; children: ReactNode }) {
  return (
    <div>
      <h3>
        <Icon name={icon} size="s" />
        {title}
      </h3>
      <ul>{children}</ul>
    </div>
  );
}

function Line({ icon, children }: { icon: string; children: ReactNode }) {
  return (
    <li>
      <Icon name={icon} size="xs" />
      <span>{children}</span>
    </li>
  );
}

/** Whether the change is to a document that decides this step. */
function touches(fix: NonNullable<FamilyPath["closedBy"]>[number], step: StepData): boolean {
  return fix.evidence.some((changed) =>
    step.evidence.some(
      (evidence) =>
        evidence.node.id === changed.node.id &&
        evidence.document === changed.document &&
        (evidence.pointer === changed.pointer || evidence.pointer.startsWith(`${changed.pointer}/`)),
    ),
  );
}
