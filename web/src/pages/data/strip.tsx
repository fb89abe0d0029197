import * as n from "../../format/numbers";
import { EXPOSURE, LABEL_SOURCE } from "../../format/words";
import type { FacetData, Filters } from "../../list/filterbar";
import { labelStep, StackBar, type StackPart, Swatch } from "../../ui/marks";

interface LabelDef {
  name: string;
  rank: number;
  of: number;
}

const LABEL_FILL = [
  "var(--line-strong)",
  "var(--sens-2)",
  "color-mix(in srgb, var(--sens-g) 62%, var(--bg-surface))",
  "var(--sens-3)",
];

/** By label, by exposure, by how the label is known. Each part is a filter. */
export function DataStrip(props: {
  facets: readonly FacetData[];
  labels: readonly LabelDef[];
  filters: Filters;
}) {
  const { facets, labels, filters } = props;
  const count = (field: string, values: readonly string[]) => {
    const facet = facets.find((one) => one.field === field);
    return values.reduce(
      (sum, value) => sum + (facet?.values.find((one) => one.value === value)?.count ?? 0),
      0,
    );
  };
  const label: Part[] = [
    ...[...labels].reverse().map((one) => ({
      key: one.name,
      title: one.name,
      values: [one.name],
      background: LABEL_FILL[labelStep(one)] ?? "",
    })),
    { key: "unknown", title: "Unknown", values: ["unknown"], background: "", hatch: true },
  ];
  return (
    <div className="panel strip">
      <Block title="Label" field="label" parts={label} count={count} filters={filters} />
      <Block title="Exposure" field="exposure" parts={EXPOSURE_PARTS} count={count} filters={filters} />
      <Block
        title="How the label is known"
        field="source"
        parts={SOURCE_PARTS}
        count={count}
        filters={filters}
      />
    </div>
  );
}

interface Part {
  key: string;
  title: string;
  values: string[];
  background: string;
  hatch?: boolean;
}

const EXPOSURE_PARTS: Part[] = [
  { key: "internet", title: EXPOSURE.internet.word, values: ["internet"], background: "var(--crit-g)" },
  { key: "broad", title: "Broad, partner", values: ["broad", "partner"], background: "var(--high-g)" },
  { key: "restricted", title: EXPOSURE.restricted.word, values: ["restricted"], background: "var(--med-g)" },
  {
    key: "internal",
    title: "Internal, none",
    values: ["internal", "none"],
    background: "var(--line-strong)",
  },
  { key: "unknown", title: EXPOSURE.unknown.word, values: ["unknown"], background: "", hatch: true },
];

const SOURCE_PARTS: Part[] = [
  { key: "scan", title: LABEL_SOURCE.scan, values: ["scan"], background: "var(--accent-fill)" },
  { key: "catalogue", title: LABEL_SOURCE.catalogue, values: ["catalogue"], background: "var(--low-g)" },
  { key: "declared", title: LABEL_SOURCE.declared, values: ["declared"], background: "var(--line-control)" },
  { key: "assumed", title: LABEL_SOURCE.assumed, values: ["assumed"], background: "var(--line-strong)" },
  { key: "none", title: LABEL_SOURCE.none, values: ["none"], background: "", hatch: true },
];

function Block(props: {
  title: string;
  field: string;
  parts: readonly Part[];
  count: (field: string, values: readonly string[]) => number;
  filters: Filters;
}) {
  const { title, field, filters } = props;
  const parts: (Part & StackPart)[] = props.parts
    .map((part) => ({ ...part, count: props.count(field, part.values) }))
    .filter((part) => part.count > 0 || isOn(filters, field, part.values));
  return (
    <section>
      <h2>{title}</h2>
      <StackBar parts={parts} />
      <p className="lg">
        {parts.map((part) => {
          const on = isOn(filters, field, part.values);
          return (
            <button
              key={part.key}
              type="button"
              aria-pressed={on}
              onClick={() => filters.only(field, on ? [] : part.values)}
            >
              <Swatch part={part} />
              {part.title}
              <b>{n.count(part.count)}</b>
            </button>
          );
        })}
      </p>
    </section>
  );
}

function isOn(filters: Filters, field: string, values: readonly string[]): boolean {
  const now = filters.values(field);
  return now !== undefined && now.length === values.length && values.every((value) => now.includes(value));
}
