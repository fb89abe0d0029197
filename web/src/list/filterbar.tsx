import { Menu } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import * as t from "../format/text";
import { useKeys } from "../frame/keys";
import { Icon } from "../ui/icon";
import {
  type Filter,
  type FilterField,
  formatFilter,
  operatorWord,
  parseBox,
  parseFilter,
  resolve,
} from "../url/filter";
import { useUrl } from "../url/state";

export interface FacetData {
  field: string;
  values: readonly { value: string; title: string | null; count: number }[];
}

export interface Filters {
  text: string;
  filters: Filter[];
  /** Values per field for the server; undefined where nothing is asked. */
  values: (field: string) => string[] | undefined;
  problems: string[];
  set: (filters: readonly Filter[], text?: string) => void;
  /** Sets one field to exactly these values; none drops it. */
  only: (field: string, values: readonly string[]) => void;
}

/** The filters of the address, resolved against what the page can be filtered by. */
export function useFilters(fields: readonly FilterField[]): Filters {
  const url = useUrl();
  const filters = url.all("f").flatMap((text) => parseFilter(text) ?? []);
  const text = url.get("q") ?? "";
  const problems = fields.flatMap((field) => resolve(filters, field).problem ?? []);
  for (const filter of filters) {
    if (!fields.some((field) => field.field === filter.field))
      problems.push(`No field “${filter.field}” here.`);
  }
  const set = (next: readonly Filter[], words?: string) =>
    url.set({ f: next.map(formatFilter), ...(words === undefined ? {} : { q: words }) });
  return {
    text,
    filters,
    problems,
    set,
    values: (name) => {
      const field = fields.find((one) => one.field === name);
      return field ? (resolve(filters, field).values ?? undefined) : undefined;
    },
    only: (field, values) => {
      const rest = filters.filter((filter) => filter.field !== field);
      set(values.length > 0 ? [...rest, { field, op: ":", values: [...values] }] : rest);
    },
  };
}

/** Text box, chips, and the menu that adds a filter. The same text works in the address. */
export function FilterBar(props: {
  fields: readonly FilterField[];
  facets: readonly FacetData[];
  state: Filters;
  children?: ReactNode;
}) {
  const { fields, facets, state } = props;
  const facet = (field: string) => facets.find((one) => one.field === field);
  return (
    <div className="fl">
      <FilterBox fields={fields} state={state} />
      {state.filters.map((filter, index) => (
        <FilterChip
          key={formatFilter(filter)}
          filter={filter}
          field={fields.find((field) => field.field === filter.field)}
          facet={facet(filter.field)}
          onChange={(next) =>
            state.set(state.filters.flatMap((old, at) => (at === index ? (next ?? []) : old)))
          }
        />
      ))}
      <AddFilter
        fields={fields.filter((field) => !state.filters.some((filter) => filter.field === field.field))}
        facet={facet}
        onAdd={(field, value) => state.set([...state.filters, { field, op: ":", values: [value] }])}
      />
      <span className="grow" />
      {props.children}
      {state.problems.length > 0 && (
        <p className="s12 high" role="alert">
          {state.problems.join(" ")}
        </p>
      )}
    </div>
  );
}

function FilterBox({ fields, state }: { fields: readonly FilterField[]; state: Filters }) {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(state.text);
  useEffect(() => setText(state.text), [state.text]);
  useKeys([{ keys: "/", title: "Filter by text", run: () => input.current?.focus() }]);
  const apply = (now: string) => {
    const { filters, rest } = parseBox(now, fields);
    setText(rest);
    state.set([...state.filters, ...filters], rest);
  };
  useEffect(() => {
    // Plain words filter while typing; expressions wait for Enter.
    if (text === state.text || parseBox(text, fields).filters.length > 0) return;
    const timer = setTimeout(() => state.set(state.filters, text.trim()), 250);
    return () => clearTimeout(timer);
  });
  return (
    <label className="srch q">
      <Icon name="search" size="s" />
      <input
        ref={input}
        value={text}
        placeholder="Filter"
        aria-label="Filter by text or field:value"
        title="Words, or field:value such as label>=Confidential"
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter") apply(text);
          if (event.key === "Escape") input.current?.blur();
        }}
      />
      <kbd>/</kbd>
    </label>
  );
}

function FilterChip(props: {
  filter: Filter;
  field: FilterField | undefined;
  facet: FacetData | undefined;
  onChange: (next: Filter | null) => void;
}) {
  const { filter, field, facet, onChange } = props;
  const word = (value: string) =>
    facet?.values.find((one) => one.value === value)?.title ?? field?.word?.(value) ?? value;
  const text = `${operatorWord(filter.op)} ${filter.values.map(word).join(", ")}`.trim();
  const title = field?.title ?? filter.field;
  return (
    <span className={field ? "chip split" : "chip split bad"}>
      <Menu position="bottom-start" offset={6} closeOnItemClick={false} width={260}>
        <Menu.Target>
          <button type="button" aria-label={`Edit filter ${title} ${text}`}>
            {title} <b title={text}>{t.middle(text, 40)}</b>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <ValueItems
            field={field}
            facet={facet}
            chosen={filter.op === ":" ? filter.values : []}
            onToggle={(value) => {
              const old = filter.op === ":" ? filter.values : [];
              const values = old.includes(value) ? old.filter((one) => one !== value) : [...old, value];
              onChange(values.length > 0 ? { ...filter, op: ":", values } : null);
            }}
          />
        </Menu.Dropdown>
      </Menu>
      <button type="button" aria-label={`Drop filter ${title} ${text}`} onClick={() => onChange(null)}>
        <Icon name="x" size="xs" />
      </button>
    </span>
  );
}

function AddFilter(props: {
  fields: readonly FilterField[];
  facet: (field: string) => FacetData | undefined;
  onAdd: (field: string, value: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState<FilterField | null>(null);
  useKeys([{ keys: "f", title: "Add a filter", run: () => setOpen(true) }]);
  return (
    <Menu
      opened={open}
      onChange={(next) => {
        setOpen(next);
        if (next) setChosen(null);
      }}
      position="bottom-start"
      offset={6}
      width={240}
    >
      <Menu.Target>
        <button type="button" className="chip add">
          <Icon name="plus" size="xs" />
          Filter
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {chosen ? (
          <ValueItems
            field={chosen}
            facet={props.facet(chosen.field)}
            chosen={[]}
            onToggle={(value) => props.onAdd(chosen.field, value)}
          />
        ) : (
          props.fields
            .filter((field) => (props.facet(field.field)?.values.length ?? 0) > 0)
            .map((field) => (
              <Menu.Item key={field.field} closeMenuOnClick={false} onClick={() => setChosen(field)}>
                {field.title}
              </Menu.Item>
            ))
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function ValueItems(props: {
  field: FilterField | undefined;
  facet: FacetData | undefined;
  chosen: readonly string[];
  onToggle: (value: string) => void;
}) {
  const values = [...(props.facet?.values ?? [])];
  for (const value of props.chosen) {
    if (!values.some((one) => one.value === value)) values.push({ value, title: null, count: 0 });
  }
  return (
    <div style={{ maxHeight: 320, overflow: "auto" }}>
      <Menu.Label>{props.field?.title}</Menu.Label>
      {values.map((one) => {
        const on = props.chosen.includes(one.value);
        return (
          <Menu.CheckboxItem
            key={one.value}
            checked={on}
            onChange={() => props.onToggle(one.value)}
            checkIcon={<Icon name="check" size="xs" />}
            rightSection={<span className="m s12">{one.count}</span>}
          >
            {one.title ?? props.field?.word?.(one.value) ?? one.value}
          </Menu.CheckboxItem>
        );
      })}
    </div>
  );
}
