import "./data.css";
import { useCallback, useMemo } from "react";
import * as n from "../../format/numbers";
import { useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { allRows, useConnection } from "../../list/connection";
import { ExportMenu } from "../../list/export";
import { FilterBar, useFilters } from "../../list/filterbar";
import { FilteredOut } from "../../list/filteredout";
import { Table } from "../../list/table";
import { CopyButton } from "../../ui/controls";
import { Icon } from "../../ui/icon";
import { Announce, Empty, Failure, Skeleton } from "../../ui/states";
import { formatFilter } from "../../url/filter";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { dataColumns } from "./columns";
import { DataDrawer } from "./drawer";
import { dataFields } from "./fields";
import { type Datastore, DatastoresQuery } from "./queries";
import { DataStrip } from "./strip";

type Sort = "risk" | "label" | "name" | "exposure" | "scannedAt";
const SORT_WORDS: Record<Sort, string> = {
  risk: "risk, then label",
  label: "label",
  name: "name",
  exposure: "exposure",
  scannedAt: "time of reading",
};

/** What is held, where, how sensitive, who gets at it. */
export default function Data() {
  const url = useUrl();
  const snapshot = useSnapshot();
  const estate = useEstate().data?.estate;
  const fields = useMemo(() => dataFields(estate?.labels.map((label) => label.name) ?? []), [estate]);
  const filters = useFilters(fields);
  const sort = (url.get("sort") as Sort | null) ?? "risk";
  const selected = url.get("sel");
  const critical = filters.values("critical");
  const variables = {
    snapshot,
    first: 50,
    sort,
    filter: {
      text: filters.text || undefined,
      kind: filters.values("kind"),
      label: filters.values("label"),
      type: filters.values("type"),
      regime: filters.values("regime"),
      exposure: filters.values("exposure") as Datastore["exposure"][] | undefined,
      source: filters.values("source") as Datastore["source"][] | undefined,
      answer: filters.values("answer") as Datastore["answer"][] | undefined,
      account: filters.values("account"),
      encryption: filters.values("encryption"),
      critical: critical?.length === 1 ? critical[0] === "true" : undefined,
    },
  };
  const list = useConnection("datastores", DatastoresQuery, variables, (data) => data.datastores);
  const first = list.first;
  const href = useCallback(
    (row: Datastore) => {
      const params = new URLSearchParams(window.location.search);
      params.set("sel", row.id);
      return `/data?${params}`;
    },
    // the address is read when a row is drawn; rows are drawn again when it changes
    [],
  );
  const columns = useMemo(() => dataColumns(href), [href]);
  return (
    <div className="page list page-data">
      <div className="hd">
        <h1>Data</h1>
        {first && (
          <span className="lead opt">
            {n.plural(first.totalCount, "datastore")}, {first.criticalCount} critical. Values are never kept;
            shares are 95 % intervals from samples.
          </span>
        )}
        <div className="ac">
          <CopyButton text={() => pinnedLink(estate?.snapshot.id)} label="Copy link">
            <Icon name="link" size="s" />
          </CopyButton>
          <ExportMenu
            of={{
              name: "data",
              filters: [...filters.filters.map(formatFilter), filters.text].filter(Boolean).join(" "),
              csv: async () => (await exported()).map(csvRow),
              json: exported,
            }}
          />
        </div>
      </div>
      {first && <DataStrip facets={first.facets} labels={estate?.labels ?? []} filters={filters} />}
      <FilterBar fields={fields} facets={first?.facets ?? []} state={filters}>
        <span className="s12 m">Sorted by {SORT_WORDS[sort]}</span>
      </FilterBar>
      <Announce text={first ? n.plural(first.totalCount, "datastore") : ""} />
      <div className="panel fill" data-refreshing={list.refreshing || undefined}>
        {list.error ? (
          <Failure error={list.error} onRetry={list.retry} />
        ) : list.loading ? (
          <Skeleton rows={12} height={46} />
        ) : list.rows.length === 0 && first && first.unfilteredCount > 0 ? (
          <FilteredOut
            title="No datastore matches these filters."
            without={n.plural(first.unfilteredCount, "datastore")}
            filters={filters}
          />
        ) : list.rows.length === 0 && first ? (
          <Empty title="No datastore was read.">
            {estate && `Searched ${n.plural(estate.accounts.length, "account")} in ${estate.snapshot.id}.`}
          </Empty>
        ) : (
          <Table
            label="Datastores"
            columns={columns}
            rows={list.rows}
            rowId={(row) => row.id}
            rowHeight={46}
            total={first?.totalCount ?? list.rows.length}
            sort={sort}
            onSort={(value) => url.set({ sort: value === "risk" ? null : value })}
            selected={selected}
            onEnd={list.more}
            keys={(row) => [
              { keys: "Enter", title: "Open", run: () => url.set({ sel: row.id }, { push: true }) },
              {
                keys: "Space",
                title: "Preview",
                run: () => url.set({ sel: selected === row.id ? null : row.id }),
              },
            ]}
          />
        )}
      </div>
      <DataDrawer id={selected} onClose={() => url.set({ sel: null })} />
    </div>
  );

  async function exported(): Promise<Datastore[]> {
    return allRows(DatastoresQuery, { ...variables, first: 200 }, (data) => data.datastores);
  }
}

function csvRow(row: Datastore) {
  return {
    id: row.id,
    name: row.node.name,
    kind: row.node.kind,
    account: row.node.account,
    region: row.node.region,
    label: row.label?.name ?? "unknown",
    critical: row.critical,
    types: row.types.map((type) => type.type).join(" "),
    confidence: row.types.map((type) => type.confidence).join(" "),
    regimes: row.regimes.join(" "),
    source: row.source,
    records: row.records,
    bytes: row.bytes,
    exposure: row.exposure,
    encryption: row.encryption.atRest,
    read: row.access.read ?? "unknown",
    write: row.access.write ?? "unknown",
    administer: row.access.administer ?? "unknown",
    anonymous: row.access.anonymous,
    answer: row.answer,
    likelihood: Number(row.likelihood.value.toFixed(4)),
    risk: Number(row.risk.value.toFixed(1)),
    level: row.level,
    readOn: row.scannedAt,
  };
}
