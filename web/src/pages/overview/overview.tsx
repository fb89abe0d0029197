import "./overview.css";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { request } from "../../api/client";
import * as n from "../../format/numbers";
import { firstOf } from "../../format/text";
import { type EstateData, useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { useKeys } from "../../frame/keys";
import { useTrials } from "../../frame/trials";
import { ExportMenu } from "../../list/export";
import { CopyButton } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { Failure, PartialBand, Skeleton } from "../../ui/states";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { brief } from "./brief";
import { FixFirst } from "./fixes";
import { headline, subline } from "./headline";
import { OverviewQuery } from "./queries";
import { Reachable } from "./reachable";
import { Strip } from "./strip";
import { WhatWasRead } from "./whatwasread";

/** The state of the estate in ten seconds, and where to go next. */
export function Overview() {
  const snapshot = useSnapshot();
  const estateQuery = useEstate();
  const estate = estateQuery.data?.estate;
  const query = useQuery({
    queryKey: ["overview", snapshot],
    queryFn: ({ signal }) => request(OverviewQuery, { snapshot }, signal),
  });
  const trials = useTrials(query.data?.fixes === null || estate?.fixes === null, () => {
    void estateQuery.refetch();
    void query.refetch();
  });
  useKeys(
    ["reachable", "read", "fixes"].map((id, index) => ({
      keys: String(index + 1),
      title: `Jump to panel ${index + 1}`,
      run: () => document.getElementById(id)?.focus(),
    })),
  );
  if (!estate) {
    return (
      <div className="page page-overview">
        <h1 className="vh">Overview</h1>
        <Skeleton rows={12} />
      </div>
    );
  }
  return (
    <div className="page page-overview">
      <div className="hd">
        <div className="el">
          <h1>{headline(estate)}</h1>
          <p className="el">{subline(estate, query.data?.fixes?.[0])}</p>
        </div>
        <div className="ac">
          <CopyButton text={() => pinnedLink(estate.snapshot.id)} label="Copy link">
            <Icon name="link" size="s" />
          </CopyButton>
          <ExportMenu
            of={{
              name: "overview",
              filters: "",
              json: async () => ({ estate, ...query.data }),
              markdown: async () => brief(estate, query.data),
            }}
          />
        </div>
      </div>
      <NotRead estate={estate} />
      <Strip estate={estate} />
      {query.error ? (
        <section className="panel">
          <Failure error={query.error} onRetry={() => query.refetch()} />
        </section>
      ) : (
        <>
          <div className="g1">
            <Reachable data={query.data} estate={estate} />
            <WhatWasRead data={query.data} estate={estate} />
          </div>
          <FixFirst data={query.data} estate={estate} trials={trials} />
        </>
      )}
    </div>
  );
}

function NotRead({ estate }: { estate: EstateData["estate"] }) {
  const url = useUrl();
  const missing = estate.accounts.filter((account) => account.notRead !== null);
  if (missing.length === 0) return null;
  return (
    <PartialBand>
      {n.plural(missing.length, "account")} {missing.length === 1 ? "was" : "were"} not read in full:{" "}
      {firstOf(
        missing.map((account) => account.name ?? account.id),
        4,
      )}
      . Counts may be too low. <Link href={url.href("/coverage")}>What was not seen</Link>
    </PartialBand>
  );
}
