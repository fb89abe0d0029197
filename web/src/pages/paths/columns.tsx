import { Link } from "wouter";
import { chokeName, chokeWords, strongest } from "../../format/choke";
import * as n from "../../format/numbers";
import type { Column } from "../../list/table";
import { Icon } from "../../ui/icon";
import { IntervalPlot, LabelTag, RiskNumber, Tag } from "../../ui/marks";
import { PathChain } from "./chain";
import type { Family } from "./queries";

interface ColumnContext {
  /** Room for long names. */
  wide: boolean;
  scale: number;
  open: readonly string[];
  chosen: ReadonlySet<string>;
  rows: readonly Family[];
  href: (family: Family) => string;
  toggle: (id: string) => void;
  choose: (ids: readonly string[], on: boolean) => void;
}

/** Columns of the list of families. */
export function pathColumns(context: ColumnContext): Column<Family>[] {
  const { wide, scale, open, chosen, rows, href, toggle, choose } = context;
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.id));
  return [
    {
      key: "select",
      width: 38,
      title: (
        <input
          type="checkbox"
          className="cbi"
          aria-label="Select all for export"
          checked={all}
          onChange={(event) =>
            choose(
              rows.map((row) => row.id),
              event.currentTarget.checked,
            )
          }
        />
      ),
      cell: (family) => (
        <input
          type="checkbox"
          className="cbi over"
          aria-label={`Select ${family.title} for export`}
          checked={chosen.has(family.id)}
          onChange={(event) => choose([family.id], event.currentTarget.checked)}
        />
      ),
    },
    {
      key: "open",
      width: 38,
      title: "",
      label: "Details",
      cell: (family) => (
        <button
          type="button"
          className="tw over"
          aria-expanded={open.includes(family.id)}
          aria-label={`Why ${family.title} ranks ${family.rank}`}
          onClick={() => toggle(family.id)}
        >
          <Icon name={open.includes(family.id) ? "down" : "right"} size="xs" />
        </button>
      ),
    },
    {
      key: "risk",
      title: "Risk",
      width: 80,
      sort: "risk",
      cell: (family) => (
        <>
          <RiskNumber level={family.level} value={family.risk.value} />
          {!n.isExact(family.risk, n.risk) && (
            <span className="m s12 rng">{n.riskInterval(family.risk.lower, family.risk.upper)}</span>
          )}
        </>
      ),
    },
    {
      key: "plot",
      width: 112,
      label: "Interval on a common scale",
      title: (
        <svg className="fp" viewBox="0 0 96 14" aria-hidden="true">
          <g fontSize="11" fill="var(--text-3)">
            <text x="0" y="11">
              0
            </text>
            <text x="48" y="11" textAnchor="middle">
              {n.grouped(scale / 2)}
            </text>
            <text x="96" y="11" textAnchor="end">
              {n.grouped(scale)}
            </text>
          </g>
        </svg>
      ),
      cell: (family) => <IntervalPlot of={family.risk} level={family.level} max={scale} />,
    },
    {
      key: "path",
      title: "Path family and why it works",
      cell: (family) => (
        <>
          <Link className="rowlink" href={href(family)} title={family.title}>
            <PathChain family={family} />
            <span className="vh">: {family.title}</span>
          </Link>
          <p className="why m s12">
            {family.why.join("; ")}
            {family.status === "conditional" && family.conditions.length > 0 && " (conditional)"}
          </p>
        </>
      ),
    },
    {
      key: "label",
      title: "Label",
      width: 134,
      cell: (family) => family.label && <LabelTag label={family.label} />,
    },
    {
      key: "steps",
      title: "Steps",
      width: 54,
      right: true,
      sort: "steps",
      cell: (family) => family.stepCount,
    },
    {
      key: "paths",
      title: "Paths",
      width: 56,
      right: true,
      sort: "paths",
      cell: (family) => n.count(family.count),
    },
    {
      key: "choke",
      title: "Strongest choke point",
      width: wide ? 250 : 168,
      cell: (family) => <Choke family={family} />,
    },
    { key: "status", title: "Status", width: 112, cell: (family) => <StatusTag status={family.status} /> },
  ];
}

function Choke({ family }: { family: Family }) {
  if (!family.choke) return <span className="m">not weighed yet</span>;
  const choke = strongest(family.choke, [family.entry.id, family.target.id]);
  if (!choke) return <span className="m">none found</span>;
  return (
    <span title={chokeName(choke)}>
      <span className="ck">
        <Icon name="choke" size="s" />
        <span className="el">{chokeName(choke)}</span>
      </span>
      <span className="s12 fixc ckn">{chokeWords(choke)}</span>
    </span>
  );
}

export function StatusTag({ status }: { status: Family["status"] }) {
  if (status === "decided") return <span className="m2">Decided</span>;
  if (status === "conditional") return <Tag tone="cond">? Conditional</Tag>;
  return <Tag tone="unk">Unknown</Tag>;
}
