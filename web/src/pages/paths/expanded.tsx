import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Link } from "wouter";
import { request } from "../../api/client";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { conditions, SOURCE, SOURCE_TITLE, TASK } from "../../format/words";
import { Trying, useTrials } from "../../frame/trials";
import { KindIcon } from "../../ui/icon";
import { Failure, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { type Family, FamilyDetailQuery } from "./queries";

/** Why a family ranks where it does, what in it is interchangeable, and what closes it. */
export function FamilyDetail({ family, href }: { family: Family; href: string }) {
  const snapshot = useSnapshot();
  const query = useQuery({
    queryKey: ["family", family.id, snapshot],
    queryFn: ({ signal }) => request(FamilyDetailQuery, { id: family.id, snapshot }, signal),
  });
  const untried = query.data?.attackPath?.closedBy === null;
  const trials = useTrials(untried, query.refetch);
  if (query.error) return <Failure error={query.error} onRetry={() => query.refetch()} />;
  const detail = query.data?.attackPath;
  if (!detail || detail.id !== family.id) return <Skeleton rows={3} height={40} />;
  const fix = detail.closedBy?.[0];
  const others = fix?.closedPaths.filter((path) => path.id !== family.id) ?? [];
  return (
    <div className="exg">
      <section>
        <h2>Why it ranks here</h2>
        <div className="fac">
          {detail.factors.map((factor) => (
            <Fragment key={factor.key}>
              <span className="el" title={factor.reason}>
                {factor.name} <em title={SOURCE_TITLE[factor.source]}>{SOURCE[factor.source]}</em>
              </span>
              <i aria-hidden="true">
                <u style={{ width: `${factor.value * 100}%` }} />
              </i>
              <b>{n.likelihood(factor.value)}</b>
            </Fragment>
          ))}
        </div>
        {detail.path && detail.count > 1 && (
          <p className="eq s12">
            best path <b>{n.likelihood(detail.path.likelihood.value)}</b>; at least one of{" "}
            {n.count(detail.count)} <b>{n.likelihood(family.likelihood.value)}</b>
          </p>
        )}
        <p className="eq">
          likelihood <b>{n.likelihood(family.likelihood.value)}</b> × impact <b>{n.grouped(family.impact)}</b>{" "}
          = risk <b>{n.risk(family.risk.value)}</b>{" "}
          {!n.isExact(family.risk, n.risk) && (
            <span className="m">({n.riskInterval(family.risk.lower, family.risk.upper)})</span>
          )}
        </p>
      </section>
      <section>
        <h2>{n.plural(detail.count, "path")}, interchangeable nodes</h2>
        <ul className="alt">
          {detail.interchangeable.map((group) => (
            <li key={`${group.kind}:${group.nodes[0]?.id}`}>
              <KindIcon kind={group.kind} size="s" />
              <b className="el" title={group.nodes.map((node) => node.name).join(", ")}>
                {t.middle(group.nodes[0]?.name ?? "", 24)}
                {group.count > 1 && ` … ${t.middle(group.nodes[group.nodes.length - 1]?.name ?? "", 24)}`}
              </b>
              <span className="m">{group.count} alike</span>
            </li>
          ))}
          {detail.interchangeable.length === 0 && <li className="m">None: it is one path.</li>}
          {detail.behind.length > 0 && (
            <li>
              <span className="m">Behind it</span>
              <b className="el">{detail.behind.map((node) => node.name).join(", ")}</b>
            </li>
          )}
        </ul>
        <Rests family={family} detail={detail} />
      </section>
      <section>
        <h2>{fix ? "Closes with one change" : untried ? "What closes it" : "No single change closes it"}</h2>
        {untried ? (
          <Trying trials={trials} />
        ) : fix ? (
          <>
            <p className="m2">{fix.title}</p>
            <p className="s12 m">
              Effort {fix.effort} of 5, removes {n.risk(fix.riskRemoved.value)} of the estate risk.
              {others.length > 0 &&
                ` Also closes ${n.plural(fix.closes - 1, "other family", "other families")}.`}
            </p>
          </>
        ) : (
          <p className="s12 m">Each of its facts has an alternative that still works.</p>
        )}
        <p className="acts">
          <Link className="btn p" href={href}>
            Open path
          </Link>
        </p>
      </section>
    </div>
  );
}

function Rests(props: {
  family: Family;
  detail: {
    assumptions: readonly string[];
    gaps: readonly { id: string; service: string; operation: string; outcome: keyof typeof TASK }[];
  };
}) {
  const left = conditions(props.family.conditions);
  const { assumptions, gaps } = props.detail;
  if (left.length + assumptions.length + gaps.length === 0) return null;
  return (
    <>
      <h2 className="next">What it rests on</h2>
      <ul className="s12 m2">
        {left.map((text) => (
          <li key={text}>Only if {text}</li>
        ))}
        {assumptions.map((text) => (
          <li key={text}>Assumed: {text}</li>
        ))}
        {gaps.map((gap) => (
          <li key={gap.id}>
            Not seen: {gap.service} {gap.operation}, {TASK[gap.outcome]}
          </li>
        ))}
      </ul>
    </>
  );
}
