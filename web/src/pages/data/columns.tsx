import { Link } from "wouter";
import * as n from "../../format/numbers";
import * as t from "../../format/text";
import { AT_REST, EXPOSURE } from "../../format/words";
import type { Column } from "../../list/table";
import { Icon, KindIcon } from "../../ui/icon";
import { ConfidenceBars, LabelTag, RiskNumber } from "../../ui/marks";
import { Name } from "../../ui/name";
import type { Datastore } from "./queries";

/** Columns of the inventory. */
export function dataColumns(href: (row: Datastore) => string): Column<Datastore>[] {
  return [
    {
      key: "name",
      title: "Datastore",
      sort: "name",
      cell: (row) => (
        <Link className="name rowlink" href={href(row)} title={row.node.name}>
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
      key: "label",
      title: "Label",
      width: 130,
      sort: "label",
      cell: (row) => <LabelTag label={row.label} />,
    },
    { key: "types", title: "Sensitive types, share seen", width: 204, cell: (row) => <Types row={row} /> },
    { key: "evidence", title: "Evidence, regimes", width: 132, cell: (row) => <Evidence row={row} /> },
    {
      key: "exposure",
      title: "Exposure",
      width: 104,
      sort: "exposure",
      cell: (row) => <ExposureMark value={row.exposure} />,
    },
    {
      key: "encryption",
      title: "Encryption",
      width: 100,
      cell: (row) => (
        <span className={{ none: "high b", unknown: "m" }[row.encryption.atRest]}>
          {AT_REST[row.encryption.atRest] ?? row.encryption.atRest}
        </span>
      ),
    },
    {
      key: "access",
      width: 136,
      title: (
        <span className="acs">
          <span>read</span>
          <span>write</span>
          <span>admin</span>
        </span>
      ),
      cell: (row) => (
        <span className="acs">
          <Access value={row.access.read} anyone={row.access.anonymous} />
          <Access value={row.access.write} />
          <Access value={row.access.administer} />
        </span>
      ),
    },
    { key: "risk", title: "Risk", width: 116, sort: "risk", cell: (row) => <AnswerCell row={row} /> },
    {
      key: "read",
      title: "Read on",
      width: 68,
      right: true,
      sort: "scannedAt",
      cell: (row) => <span className="m">{row.scannedAt ? t.day(row.scannedAt) : "never"}</span>,
    },
  ];
}

function Types({ row }: { row: Datastore }) {
  if (row.types.length === 0) {
    if (row.source === "none") return <span className="m2">not read, may be sensitive</span>;
    if (row.source !== "scan") return <span className="m2">not sampled</span>;
    return <span className="m2">no sensitive type seen</span>;
  }
  // Two names where both fit whole, else one.
  const [first, second] = row.types;
  const room = second && (first?.name.length ?? 0) + second.name.length <= 24 ? 2 : 1;
  return (
    <span
      className="tys"
      title={row.types.map((type) => `${type.name}, confidence ${type.confidence}`).join("; ")}
    >
      {row.types.slice(0, room).map((type) => (
        <span className="ty" key={type.type}>
          <b className="el">{type.name}</b>
          <ConfidenceBars value={type.confidence} />
          <em>
            {type.share?.length === 2
              ? n.share(type.share[0] as number, type.share[1] as number)
              : shareWord(row)}
          </em>
        </span>
      ))}
      {row.types.length > room && <span className="m s12">+{row.types.length - room}</span>}
    </span>
  );
}

function shareWord(row: Datastore): string {
  return {
    scan: "share not known",
    catalogue: "by catalogue",
    declared: "declared",
    assumed: "assumed",
    none: "by kind",
  }[row.source];
}

function Evidence({ row }: { row: Datastore }) {
  return (
    <span className="bd">
      <span className="el" style={{ display: "block" }}>
        {evidenceText(row)}
      </span>
      <em>{row.regimes.join(", ")}</em>
    </span>
  );
}

/** What the label rests on, short enough for a cell. */
export function evidenceText(row: Datastore): string {
  if (row.source === "none") return row.discovery === "notPermitted" ? "reading not permitted" : "not read";
  if (row.source === "declared") return "label set by hand";
  if (row.source === "assumed") return "from name or tags";
  if (row.source === "catalogue") return "taken from a catalogue";
  if (row.types.length === 0 && row.bound && row.bound.share > 0)
    return `${n.shareBound(row.bound.share)} of objects`;
  if (row.objects !== null && row.objectsSampled !== null) {
    return `${n.count(row.objectsSampled)} of ${n.count(row.objects)} objects`;
  }
  if (row.records !== null) return `${n.count(row.records)} records`;
  return "sampled";
}

export function ExposureMark({ value }: { value: Datastore["exposure"] }) {
  const { word, icon, tone } = EXPOSURE[value];
  return (
    <span className={`name ${tone}`}>
      <Icon name={icon} size="s" />
      <span>{word}</span>
    </span>
  );
}

function Access({ value, anyone = false }: { value: number | null; anyone?: boolean }) {
  if (anyone) return <span className="up b">any</span>;
  if (value === null) {
    return (
      <span className="m" title="a policy that decides was not read">
        ?
      </span>
    );
  }
  return <span>{n.count(value)}</span>;
}

export function AnswerCell({
  row,
}: {
  row: Pick<Datastore, "answer" | "critical" | "level" | "risk" | "likelihood">;
}) {
  if (row.answer === "reached") {
    return (
      <>
        <RiskNumber level={row.level} value={row.risk.value} />{" "}
        <span className="m s12">at {n.likelihood(row.likelihood.value)}</span>
      </>
    );
  }
  if (row.answer === "unknown") {
    return (
      <span className="name m">
        <i className="sw hatch" />
        <span>unknown</span>
      </span>
    );
  }
  return <span className="m">{row.critical ? "no path seen" : "not critical"}</span>;
}
