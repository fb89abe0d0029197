import "./coverage.css";
import { useMemo, useState } from "react";
import * as n from "../../format/numbers";
import { TASK, type TaskOutcome } from "../../format/words";
import { useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { allRows, useConnection } from "../../list/connection";
import { ExportMenu } from "../../list/export";
import { FilterBar, useFilters } from "../../list/filterbar";
import { FilteredOut } from "../../list/filteredout";
import { CopyButton } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { Announce, Empty, Failure, Skeleton } from "../../ui/states";
import { type FilterField, formatFilter } from "../../url/filter";
import { useSnapshot } from "../../url/snapshot";
import { GapTable } from "./gaps";
import { Matrix } from "./matrix";
import { policyOf } from "./policy";
import { CoverageQuery, type GapData } from "./queries";

const FIELDS: FilterField[] = [
  { field: "account", title: "Account" },
  { field: "service", title: "Service" },
  { field: "outcome", title: "Outcome", word: (value) => TASK[value as TaskOutcome] ?? value },
];

/** What was not seen, and what could hide there: it keeps "no path" honest. */
export default function Coverage() {
  const snapshot = useSnapshot();
  const estate = useEstate().data?.estate;
  const filters = useFilters(FIELDS);
  const [chosen, setChosen] = useState<string | null>(null);
  const variables = {
    snapshot,
    first: 100,
    filter: {
      account: filters.values("account"),
      service: filters.values("service"),
      outcome: filters.values("outcome") as TaskOutcome[] | undefined,
    },
  };
  const list = useConnection("coverage", CoverageQuery, variables, (data) => ({
    ...data.coverage,
    ...data.coverage.gaps,
  }));
  const first = list.first;
  const asked = useMemo(
    () => (first?.tasks ?? []).filter((task) => task.outcome !== "notCollected"),
    [first],
  );
  const reads = asked.reduce((sum, task) => sum + task.count, 0);
  const answered = asked.reduce(
    (sum, task) => sum + (task.outcome === "ok" || task.outcome === "empty" ? task.count : 0),
    0,
  );
  return (
    <div className="page page-coverage">
      <div className="hd">
        <h1>Coverage</h1>
        {first && (
          <span className="lead opt">
            {reads > 0 && `${n.portion(answered, reads)} of ${n.plural(reads, "read")} answered, `}
            {n.plural(first.unfilteredCount, "gap")}. What depends on a gap is unknown, never absent.
          </span>
        )}
        <div className="ac">
          <CopyButton text={() => pinnedLink(estate?.snapshot.id)} label="Copy link">
            <Icon name="link" size="s" />
          </CopyButton>
          <ExportMenu
            of={{
              name: "coverage",
              filters: filters.filters.map(formatFilter).join(" "),
              csv: async () => (await exported()).map(csvRow),
              json: exported,
            }}
          />
        </div>
      </div>
      {list.error ? (
        <section className="panel">
          <Failure error={list.error} onRetry={list.retry} />
        </section>
      ) : !first ? (
        <section className="panel">
          <Skeleton rows={14} />
        </section>
      ) : (
        <>
          <Matrix cells={first.matrix} tasks={first.tasks} filters={filters} />
          <FilterBar fields={FIELDS} facets={first.facets} state={filters} />
          <Announce text={n.plural(first.totalCount, "gap")} />
          <section className="panel gaps" aria-labelledby="gaps-h">
            <div className="ph">
              <h2 id="gaps-h">Gaps</h2>
              <span className="sub">by what they could hide</span>
              <span className="grow" />
              <CopyButton
                className="btn q"
                text={() => policyOf(list.rows)}
                label="Copy the policy that closes these gaps"
              >
                <Icon name="copy" size="s" /> Policy
              </CopyButton>
            </div>
            {list.rows.length > 0 ? (
              <GapTable gaps={list.rows} chosen={chosen} onChoose={setChosen} onEnd={list.more} />
            ) : first.unfilteredCount > 0 ? (
              <FilteredOut
                title="No gap matches these filters."
                without={n.plural(first.unfilteredCount, "gap")}
                filters={filters}
              />
            ) : (
              <Empty title="Every read was answered.">
                {n.plural(reads, "read")} in {n.plural(estate?.accounts.length ?? 0, "account")}.
              </Empty>
            )}
          </section>
        </>
      )}
    </div>
  );

  async function exported(): Promise<GapData[]> {
    return allRows(CoverageQuery, { ...variables, first: 200 }, (data) => data.coverage.gaps);
  }
}

function csvRow(gap: GapData) {
  return {
    id: gap.id,
    account: gap.account,
    region: gap.region,
    service: gap.service,
    operation: gap.operation,
    outcome: gap.outcome,
    detail: gap.detail,
    affects: gap.affectsCount,
    criticalAssets: gap.criticalAssets,
    onPaths: gap.onPaths,
    permission: gap.permission.join(" "),
  };
}
