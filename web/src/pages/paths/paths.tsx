import "./paths.css";
import { useCallback, useMemo, useState } from "react";
import { useLocation } from "wouter";
import * as n from "../../format/numbers";
import { LEVEL } from "../../format/words";
import { useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { Trying, useTrials } from "../../frame/trials";
import { allRows, useConnection } from "../../list/connection";
import { ExportMenu } from "../../list/export";
import { FilterBar, useFilters } from "../../list/filterbar";
import { Table } from "../../list/table";
import { CopyButton, Segments } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { LEVELS, type Level, LevelShape } from "../../ui/marks";
import { useWide } from "../../ui/media";
import { Announce, Failure, PartialBand, Skeleton } from "../../ui/states";
import { formatFilter } from "../../url/filter";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { pathColumns } from "./columns";
import { EmptyPaths } from "./empty";
import { FamilyDetail } from "./expanded";
import { pathFields } from "./fields";
import { GroupHead } from "./group";
import { type Family, PathsQuery } from "./queries";

const GROUPS = [
  { value: "risk", title: "Families" },
  { value: "target", title: "Assets" },
  { value: "entry", title: "Entry points" },
] as const;
type Group = (typeof GROUPS)[number]["value"];
type Sort = Group | "steps" | "paths";

/** Columns that a narrow window has no room for. */
const LOW_PRIORITY = ["plot", "choke"];

/** Families of attack paths: pick the one to work on, and trust the order. */
export default function Paths() {
  const url = useUrl();
  const snapshot = useSnapshot();
  const [, navigate] = useLocation();
  const estate = useEstate().data?.estate;
  const labels = useMemo(() => estate?.labels.map((label) => label.name) ?? [], [estate]);
  const fields = useMemo(() => pathFields(labels), [labels]);
  const filters = useFilters(fields);
  const group = (url.get("group") as Group | null) ?? "risk";
  const sort: Sort = group === "risk" ? ((url.get("sort") as "steps" | "paths" | null) ?? "risk") : group;
  const open = url.all("open");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());

  const variables = {
    snapshot,
    first: 50,
    sort,
    filter: {
      text: filters.text || undefined,
      label: filters.values("label"),
      level: filters.values("level") as Level[] | undefined,
      entryKind: filters.values("entryKind"),
      outcome: filters.values("outcome") as ("read" | "write" | "destroy" | "administer")[] | undefined,
      status: filters.values("status") as ("decided" | "conditional" | "unknown")[] | undefined,
      account: filters.values("account"),
      target: filters.values("target")?.[0],
      through: filters.values("through")?.[0],
    },
  };
  const list = useConnection("paths", PathsQuery, variables, (data) => data.attackPaths);
  const missing = list.rows.some((family) => family.choke === null || family.closedBy === null);
  const trials = useTrials(missing, list.retry);
  const scale = useMemo(() => riskScale(list.rows), [list.rows]);
  const href = useCallback((family: Family) => url.href(`/paths/${encodeURIComponent(family.id)}`), [url]);
  const toggle = (id: string) =>
    url.set({ open: open.includes(id) ? open.filter((other) => other !== id) : [...open, id] });
  const choose = (ids: readonly string[], on: boolean) =>
    setChosen((old) => {
      const next = new Set(old);
      for (const id of ids) on ? next.add(id) : next.delete(id);
      return next;
    });
  const wide = useWide(1500);
  const roomy = useWide(1150);
  const columns = pathColumns({ wide, scale, open, chosen, rows: list.rows, href, toggle, choose }).filter(
    (column) => roomy || !LOW_PRIORITY.includes(column.key),
  );
  const first = list.first;
  const filtered = filters.filters.length > 0 || filters.text !== "";

  return (
    <div className="page list page-paths">
      <div className="hd">
        <h1>Attack paths</h1>
        {first && (
          <span className="lead opt">
            {n.plural(first.totalCount, "family", "families")}, {n.plural(first.pathCount, "path")} to{" "}
            {n.plural(first.targets.reached, "critical asset")}
            {first.truncated && " at least"}. Risks do not add up: families share facts. Likelihoods are
            assumed priors.
          </span>
        )}
        <div className="ac">
          <Segments
            label="Group by"
            options={GROUPS}
            value={group}
            onChange={(value) => url.set({ group: value === "risk" ? null : value, sort: null })}
          />
          <CopyButton text={() => pinnedLink(estate?.snapshot.id)} label="Copy link">
            <Icon name="link" size="s" />
          </CopyButton>
          <ExportMenu
            of={{
              name: "paths",
              filters: [...filters.filters.map(formatFilter), filters.text].filter(Boolean).join(" "),
              csv: async () => (await exported()).map(csvRow),
              json: exported,
            }}
          />
        </div>
      </div>
      <FilterBar fields={fields} facets={first?.facets ?? []} state={filters}>
        {LEVELS.map((level) => {
          const on = filters.values("level")?.includes(level) ?? false;
          const count = first?.facets
            .find((f) => f.field === "level")
            ?.values.find((v) => v.value === level)?.count;
          return (
            <button
              key={level}
              type="button"
              className="chip"
              aria-pressed={on}
              onClick={() => filters.only("level", toggled(filters.values("level") ?? [], level))}
            >
              <LevelShape level={level} />
              {LEVEL[level]} {first && <b>{n.count(count ?? 0)}</b>}
            </button>
          );
        })}
      </FilterBar>
      {first?.truncated && (
        <PartialBand>
          The search stopped early: {n.plural(first.totalCount, "family", "families")} found so far, there may
          be more.
        </PartialBand>
      )}
      {missing && <Trying trials={trials} />}
      <Announce text={first ? `${n.plural(first.totalCount, "family", "families")}` : ""} />
      <div className="panel fill" data-refreshing={list.refreshing || undefined}>
        {list.error ? (
          <Failure error={list.error} onRetry={list.retry} />
        ) : list.loading ? (
          <Skeleton rows={12} height={52} />
        ) : list.rows.length === 0 && first ? (
          <EmptyPaths
            filters={filters}
            filtered={filtered}
            unfiltered={first.unfilteredCount}
            estate={estate}
          />
        ) : (
          <Table
            label="Path families"
            columns={columns}
            rows={list.rows}
            rowId={(family) => family.id}
            rowHeight={52}
            total={first?.totalCount ?? list.rows.length}
            sort={sort}
            onSort={(value) => url.set({ sort: value === "risk" ? null : value, group: null })}
            detail={(family) =>
              open.includes(family.id) ? <FamilyDetail family={family} href={href(family)} /> : null
            }
            groupHead={
              group === "risk"
                ? undefined
                : (row, previous) => <GroupHead by={group} row={row} previous={previous} />
            }
            onEnd={list.more}
            keys={(family) => [
              { keys: "Space", title: "Show why it ranks here", run: () => toggle(family.id) },
              {
                keys: "x",
                title: "Select for export",
                run: () => choose([family.id], !chosen.has(family.id)),
              },
              { keys: "Enter", title: "Open the path", run: () => navigate(href(family)) },
            ]}
          />
        )}
      </div>
    </div>
  );

  async function exported(): Promise<Family[]> {
    const rows = await allRows(PathsQuery, { ...variables, first: 200 }, (data) => data.attackPaths);
    return chosen.size > 0 ? rows.filter((row) => chosen.has(row.id)) : rows;
  }
}

function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
}

/** Round upper end of the common scale of all rows. */
function riskScale(rows: readonly Family[]): number {
  const top = Math.max(1, ...rows.map((row) => row.risk.upper));
  const unit = 10 ** Math.floor(Math.log10(top));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((step) => step * unit).find((end) => end >= top) ?? top;
}

function csvRow(family: Family) {
  return {
    rank: family.rank,
    id: family.id,
    risk: Number(family.risk.value.toFixed(1)),
    riskLower: Number(family.risk.lower.toFixed(1)),
    riskUpper: Number(family.risk.upper.toFixed(1)),
    level: family.level,
    likelihood: Number(family.likelihood.value.toFixed(4)),
    impact: Number(family.impact.toFixed(1)),
    entry: family.entryKind,
    target: family.target.id,
    outcome: family.outcome,
    label: family.label?.name,
    status: family.status,
    steps: family.stepCount,
    paths: family.count,
    title: family.title,
    closedBy: family.closedBy === null ? "not tried yet" : family.closedBy[0]?.title,
  };
}
