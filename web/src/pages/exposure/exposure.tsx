import "./exposure.css";
import { type ReactNode, useCallback, useMemo } from "react";
import { Link, useLocation } from "wouter";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { type Exposure as Class, EXPOSURE } from "../../format/words";
import { useEstate } from "../../frame/estate";
import { pinnedLink } from "../../frame/frame";
import { allRows, useConnection } from "../../list/connection";
import { ExportMenu } from "../../list/export";
import { FilterBar, useFilters } from "../../list/filterbar";
import { FilteredOut } from "../../list/filteredout";
import { type Column, Table } from "../../list/table";
import { CopyButton } from "../../ui/controls";
import { Icon, KindIcon } from "../../ui/icon";
import { Name } from "../../ui/name";
import { Announce, Empty, Failure, Skeleton } from "../../ui/states";
import { type FilterField, formatFilter } from "../../url/filter";
import { useSnapshot } from "../../url/snapshot";
import { useUrl } from "../../url/state";
import { EndpointDetail } from "./detail";
import { type Endpoint, ExposedQuery } from "./queries";

const CLASSES: readonly Class[] = [
  "none",
  "internal",
  "partner",
  "restricted",
  "broad",
  "internet",
  "unknown",
];
const FIELDS: FilterField[] = [
  {
    field: "class",
    title: "Class",
    domain: CLASSES,
    ordered: true,
    word: (value) => EXPOSURE[value as Class]?.word ?? value,
  },
  { field: "kind", title: "Kind" },
  { field: "account", title: "Account" },
  { field: "port", title: "Port" },
];

/** What answers from outside, on which port, by which rules. */
export default function Exposure({ endpoint }: { endpoint: string | null }) {
  const snapshot = useSnapshot();
  const url = useUrl();
  const [, navigate] = useLocation();
  const estate = useEstate().data?.estate;
  const filters = useFilters(FIELDS);
  const variables = {
    snapshot,
    first: 50,
    filter: {
      text: filters.text || undefined,
      class: filters.values("class") as Class[] | undefined,
      kind: filters.values("kind"),
      account: filters.values("account"),
      port: Number(filters.values("port")?.[0]) || undefined,
    },
  };
  const list = useConnection("exposed", ExposedQuery, variables, (data) => data.exposed);
  const first = list.first;
  const href = useCallback(
    (row: Endpoint) => `/exposure/${encodeURIComponent(row.id)}${window.location.search}`,
    [],
  );
  const through = useCallback((row: Endpoint) => url.href("/paths", { f: `through:${row.id}` }), [url]);
  const columns = useMemo(() => exposureColumns(href, through, endpoint !== null), [href, through, endpoint]);
  const open = (row: Endpoint) => navigate(href(row));
  const outside = count(first?.facets, ["internet", "broad"]);
  return (
    <div className="page list page-exposure">
      <div className="hd">
        <h1>Exposure</h1>
        {first && (
          <span className="lead opt">
            {outside} of {n.plural(first.unfilteredCount, "endpoint")} answer from the internet or a broad
            range. Network and service policy are decided apart.
          </span>
        )}
        <div className="ac">
          <CopyButton text={() => pinnedLink(estate?.snapshot.id)} label="Copy link">
            <Icon name="link" size="s" />
          </CopyButton>
          <ExportMenu
            of={{
              name: "exposure",
              filters: [...filters.filters.map(formatFilter), filters.text].filter(Boolean).join(" "),
              csv: async () => (await exported()).map(csvRow),
              json: exported,
            }}
          />
        </div>
      </div>
      <FilterBar fields={FIELDS} facets={first?.facets ?? []} state={filters} />
      <Announce text={first ? n.plural(first.totalCount, "endpoint") : ""} />
      <div className={endpoint ? "exs open" : "exs"}>
        <div className="panel fill" data-refreshing={list.refreshing || undefined}>
          {list.error ? (
            <Failure error={list.error} onRetry={list.retry} />
          ) : list.loading ? (
            <Skeleton rows={12} height={42} />
          ) : list.rows.length === 0 && first && first.unfilteredCount > 0 ? (
            <FilteredOut
              title="No endpoint matches these filters."
              without={n.plural(first.unfilteredCount, "endpoint")}
              filters={filters}
            />
          ) : list.rows.length === 0 && first ? (
            <Empty title="No endpoint was read." />
          ) : (
            <Table
              label="Endpoints"
              columns={columns}
              rows={list.rows}
              rowId={(row) => row.id}
              rowHeight={46}
              total={first?.totalCount ?? list.rows.length}
              selected={endpoint}
              onEnd={list.more}
              keys={(row) => [{ keys: "Enter", title: "Show the way hop by hop", run: () => open(row) }]}
            />
          )}
        </div>
        {endpoint && (
          <EndpointDetail id={endpoint} onClose={() => navigate(`/exposure${window.location.search}`)} />
        )}
      </div>
    </div>
  );

  async function exported(): Promise<Endpoint[]> {
    return allRows(ExposedQuery, { ...variables, first: 200 }, (data) => data.exposed);
  }
}

function count(
  facets: readonly { field: string; values: readonly { value: string; count: number }[] }[] | undefined,
  classes: readonly string[],
): number {
  const facet = facets?.find((one) => one.field === "class");
  return (facet?.values ?? []).reduce((sum, one) => sum + (classes.includes(one.value) ? one.count : 0), 0);
}

function exposureColumns(
  href: (row: Endpoint) => string,
  pathsThrough: (row: Endpoint) => string,
  narrow: boolean,
): Column<Endpoint>[] {
  const columns: Column<Endpoint>[] = [
    {
      key: "name",
      title: "Endpoint",
      cell: (row) => (
        <Link className="name rowlink" href={href(row)} title={row.id}>
          <KindIcon kind={row.node.kind} />
          <span className="nm">
            <b>
              <Name of={row.node.name} />
            </b>
            <em>
              {row.node.kindTitle}
              {row.node.account && `, ${t.accountName(row.node)}`}
            </em>
          </span>
        </Link>
      ),
    },
    {
      key: "class",
      title: "Class",
      width: 116,
      cell: (row) => (
        <span className={`name ${EXPOSURE[row.class].tone}`}>
          <Icon name={EXPOSURE[row.class].icon} size="s" />
          <span>{EXPOSURE[row.class].word}</span>
        </span>
      ),
    },
    {
      key: "ports",
      title: "Ports",
      width: 136,
      cell: (row) => <Known row={row}>{ports(row.ranges)}</Known>,
    },
  ];
  if (narrow) return columns;
  return [
    ...columns,
    {
      key: "sources",
      title: "Sources",
      width: 190,
      cell: (row) => (
        <Known row={row} title={row.ranges.flatMap((range) => range.sources).join(", ")}>
          {sources(row.ranges)}
        </Known>
      ),
    },
    {
      key: "layer",
      title: "Decided by",
      width: 118,
      cell: (row) => <span className="m2">{LAYER[row.layer]}</span>,
    },
    {
      key: "behind",
      title: "Critical assets behind it",
      width: 260,
      cell: (row) =>
        row.behind.length > 0 ? (
          <span className="name">
            {row.behind.slice(0, 2).map((node) => (
              <span key={node.id} className="bh" title={node.name}>
                <KindIcon kind={node.kind} size="s" />
                <Name of={node.name} />
              </span>
            ))}
          </span>
        ) : (
          <span className="m">no path seen through it</span>
        ),
    },
    {
      key: "paths",
      title: "Families",
      width: 78,
      right: true,
      cell: (row) =>
        row.onPaths > 0 ? (
          <Link className="acc over" href={pathsThrough(row)}>
            {n.count(row.onPaths)}
          </Link>
        ) : (
          <span className="m">0</span>
        ),
    },
  ];
}

/** What the answer holds, or that it is not known; an unknown endpoint has no ranges to show. */
function Known({ row, title, children }: { row: Endpoint; title?: string; children: ReactNode }) {
  if (row.class === "unknown" && row.ranges.length === 0) return <span className="m">not known</span>;
  return (
    <span className="m2" title={title}>
      {children}
    </span>
  );
}

export const LAYER = { network: "network", lb: "load balancer", service: "service policy" } as const;

type Ranges = Endpoint["ranges"];

/** `443, 8000-8100 tcp` */
export function ports(ranges: Ranges): string {
  const words = ranges.map((range) => {
    const [from, to] = range.ports.split("-");
    const port =
      from === to || to === undefined
        ? (from ?? "")
        : from === "0" && to === "65535"
          ? "any"
          : `${from}-${to}`;
    return range.ports === "" ? range.protocol : `${port} ${range.protocol}`;
  });
  return [...new Set(words)].join(", ") || "none";
}

/** The first sources and how many more; the whole internet is said in words. */
export function sources(ranges: Ranges): string {
  const all = [...new Set(ranges.flatMap((range) => range.sources))];
  const words = all.map(
    (source) => ({ "0.0.0.0/0": "anywhere, IPv4", "::/0": "anywhere, IPv6" })[source] ?? source,
  );
  if (words.length <= 2) return words.join("; ") || "nowhere";
  return `${words.slice(0, 2).join("; ")} +${words.length - 2}`;
}

function csvRow(row: Endpoint) {
  return {
    id: row.id,
    name: row.node.name,
    kind: row.node.kind,
    account: row.node.account,
    class: row.class,
    layer: row.layer,
    ports: ports(row.ranges),
    sources: [...new Set(row.ranges.flatMap((range) => range.sources))].join(" "),
    assumed: row.assumed.join("; "),
    behind: row.behind.map((node) => node.id).join(" "),
    families: row.onPaths,
  };
}
