/**
 * Filter expressions: one field, one operator, one or more values. The text in
 * the address, in a chip and in the filter box is the same:
 * `kind:bucket`, `label>=Confidential`, `encryption!=customer`, `type:card,ssn`.
 */

export type Operator = ":" | "!=" | ">=";

export interface Filter {
  field: string;
  op: Operator;
  values: string[];
}

/** What a page can be filtered by. */
export interface FilterField {
  field: string;
  title: string;
  /** Every value in order, least first. Needed for `>=` and `!=`. */
  domain?: readonly string[];
  ordered?: boolean;
  /** Words for values. */
  word?: (value: string) => string;
}

/** Parses one expression; null when it is not one. */
export function parseFilter(text: string): Filter | null {
  const match = /^([A-Za-z][A-Za-z]*)(!=|>=|:|=)(.+)$/.exec(text.trim());
  if (!match) return null;
  const [, field, op, rest] = match;
  if (!field || !op || !rest) return null;
  const values = splitValues(rest);
  return values.length > 0 ? { field, op: op === "=" ? ":" : (op as Operator), values } : null;
}

function splitValues(text: string): string[] {
  const values = [...text.matchAll(/"([^"]*)"|([^,]+)/g)].map((m) => (m[1] ?? m[2] ?? "").trim());
  return values.filter((value) => value !== "");
}

export function formatFilter(filter: Filter): string {
  const values = filter.values.map((value) =>
    /[",]/.test(value) ? `"${value.replaceAll('"', "")}"` : value,
  );
  return `${filter.field}${filter.op}${values.join(",")}`;
}

/** Splits what was typed into the filter box: expressions, and the words left over. */
export function parseBox(text: string, fields: readonly FilterField[]): { filters: Filter[]; rest: string } {
  const filters: Filter[] = [];
  const rest: string[] = [];
  for (const token of text.match(/(?:[^\s"]|"[^"]*")+/g) ?? []) {
    const filter = parseFilter(token);
    const known = filter && fields.find((f) => f.field.toLowerCase() === filter.field.toLowerCase());
    if (filter && known) filters.push(canonical({ ...filter, field: known.field }, known));
    else rest.push(token);
  }
  return { filters, rest: rest.join(" ") };
}

function canonical(filter: Filter, field: FilterField): Filter {
  if (!field.domain) return filter;
  const domain = field.domain;
  const values = filter.values.map((value) => {
    const wanted = squash(value);
    return domain.find((known) => squash(known) === wanted) ?? value;
  });
  return { ...filter, values };
}

function squash(text: string): string {
  return text.toLowerCase().replace(/[\s_-]/g, "");
}

/**
 * The values the server is asked for, or an explanation why the expression
 * cannot be applied. Several filters on one field must all hold.
 */
export function resolve(
  filters: readonly Filter[],
  field: FilterField,
): { values: string[] | null; problem: string | null } {
  let values: string[] | null = null;
  for (const filter of filters) {
    if (filter.field !== field.field) continue;
    const one = expand(filter, field);
    if (typeof one === "string") return { values: null, problem: one };
    values = values === null ? one : values.filter((value) => one.includes(value));
  }
  return { values, problem: null };
}

function expand(filter: Filter, field: FilterField): string[] | string {
  if (filter.op === ":") return filter.values;
  if (!field.domain) return `${field.title} takes only “is”.`;
  if (filter.op === "!=") return field.domain.filter((value) => !filter.values.includes(value));
  if (!field.ordered) return `${field.title} has no order.`;
  const from = field.domain.indexOf(filter.values[0] ?? "");
  if (from < 0) return `${field.title} has no value “${filter.values[0]}”.`;
  return field.domain.slice(from);
}

/** The operator in words, as a chip writes it. */
export function operatorWord(op: Operator): string {
  return { ":": "", "!=": "not", ">=": "at or above" }[op];
}
