import { Link } from "wouter";
import * as n from "../../format/numbers";
import { accountName } from "../../format/text";
import { TASK } from "../../format/words";
import type { EstateData } from "../../frame/estate";
import { Icon } from "../../ui/icon";
import { Skeleton } from "../../ui/states";
import { useUrl } from "../../url/state";
import type { OverviewData } from "./queries";

interface Line {
  key: string;
  icon: string;
  title: string;
  detail: string;
  figure: string;
}

/** What the answers on this page rest on; a first snapshot has no changes to show. */
export function WhatWasRead({
  data,
  estate,
}: {
  data: OverviewData | undefined;
  estate: EstateData["estate"];
}) {
  const url = useUrl();
  return (
    <section className="panel" id="read" tabIndex={-1} aria-labelledby="read-h">
      <div className="ph">
        <h2 id="read-h">What was read</h2>
        <Link className="more" href={url.href("/coverage")}>
          Coverage
        </Link>
      </div>
      {data ? (
        <ul className="chg">
          {lines(data, estate).map((line) => (
            <li key={line.key}>
              <span className="ci">
                <Icon name={line.icon} size="s" />
              </span>
              <div>
                <p className="t">{line.title}</p>
                <p className="d m s12 el" title={line.detail}>
                  {line.detail}
                </p>
              </div>
              <span className="dv">{line.figure}</span>
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton rows={5} height={58} />
      )}
    </section>
  );
}

function lines(data: OverviewData, estate: EstateData["estate"]): Line[] {
  const { coverage, read } = data;
  const sources = read.facets.find((facet) => facet.field === "source")?.values ?? [];
  const of = (value: string) => sources.find((one) => one.value === value)?.count ?? 0;
  const known = (
    [
      ["scan", "sampled"],
      ["catalogue", "catalogued"],
      ["declared", "declared"],
      ["assumed", "assumed"],
      ["none", "not read"],
    ] as const
  )
    .filter(([source]) => of(source) > 0)
    .map(([source, word]) => `${n.count(of(source))} ${word}`)
    .join(", ");
  const worst = coverage.gaps.nodes.slice(0, 2);
  return [
    {
      key: "accounts",
      icon: "account",
      title: "Accounts",
      detail: estate.accounts.map((account) => account.name ?? account.id).join(", "),
      figure: n.count(estate.accounts.length),
    },
    {
      key: "nodes",
      icon: "network",
      title: "Nodes",
      detail: `${n.plural(estate.edges, "edge")}, ${n.plural(estate.principals, "principal")}`,
      figure: n.count(estate.nodes),
    },
    {
      key: "data",
      icon: "data",
      title: "Datastores",
      detail: known,
      figure: n.count(estate.datastores),
    },
    ...worst.map((gap) => ({
      key: gap.id,
      icon: "gap",
      title: `${gap.service} ${gap.operation}`,
      detail: `${TASK[gap.outcome]} in ${accountName(gap)}${gap.criticalAssets > 0 ? `, touches ${n.plural(gap.criticalAssets, "asset")}` : ""}`,
      figure: "?",
    })),
  ];
}
