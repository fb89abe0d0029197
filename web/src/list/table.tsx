import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, type ReactNode, useEffect, useRef, useState } from "react";
import { type KeyBinding, useKeys } from "../frame/keys";
import { Icon } from "../ui/icon";

/** Where readers left a list, by the entry of the history: going back leads there, a new visit to the top. */
const left = new Map<number, number>();

function entry(): number | undefined {
  return (window.history.state as { list?: number } | null)?.list;
}

function leave(at: number): void {
  let id = entry();
  if (id === undefined) {
    id = Math.random();
    // Not through the router: nothing is shown anew.
    const state = { ...(window.history.state as object | null), list: id };
    History.prototype.replaceState.call(window.history, state, "");
  }
  left.set(id, at);
}

export interface Column<Row> {
  key: string;
  title: ReactNode;
  /** Text for a head without visible text. */
  label?: string;
  width?: number;
  right?: boolean;
  /** Value of the sort key in the address when this column sorts. */
  sort?: string;
  cell: (row: Row, index: number) => ReactNode;
}

export interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowId: (row: Row) => string;
  rowHeight: number;
  total: number;
  sort?: string;
  onSort?: (sort: string) => void;
  selected?: string | null;
  /** What stands under a row when it is open. */
  detail?: (row: Row) => ReactNode;
  /** A line above the first row of a group. */
  groupHead?: (row: Row, previous: Row | undefined) => ReactNode;
  onEnd: () => void;
  keys?: (row: Row, index: number) => KeyBinding[];
}

/**
 * A table whose rows exist only while they are near the screen. Rows are
 * opened by the link in them, which covers the row: `j` and `k` move the focus
 * from link to link.
 */
export function Table<Row>(props: TableProps<Row>) {
  const { rows, columns, rowId, rowHeight, detail, groupHead, onEnd } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState(-1);
  const [start] = useState(() => left.get(entry() ?? Number.NaN) ?? 0);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowId(row);
    },
    overscan: 12,
    scrollPaddingStart: 30,
    scrollPaddingEnd: 24,
    initialOffset: start,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - 15) onEnd();
  }, [last, rows.length, onEnd]);

  useEffect(() => {
    const list = scroll.current;
    const keep = () => leave(list?.scrollTop ?? 0);
    list?.addEventListener("scroll", keep, { passive: true });
    return () => list?.removeEventListener("scroll", keep);
  }, []);

  const focusRow = (index: number) => {
    const next = Math.max(0, Math.min(index, rows.length - 1));
    setAt(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() =>
      scroll.current
        ?.querySelector<HTMLElement>(`[data-index="${next}"] .rowlink`)
        ?.focus({ preventScroll: true }),
    );
  };
  const row = rows[at];
  useKeys([
    { keys: "j", title: "Next row", run: () => focusRow(at + 1) },
    { keys: "k", title: "Previous row", run: () => focusRow(at - 1) },
    ...(row !== undefined && props.keys ? props.keys(row, at) : []),
  ]);

  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items[items.length - 1]?.end ?? 0);
  return (
    <section className="scroll" ref={scroll} tabIndex={0} aria-label={props.label}>
      <table aria-rowcount={props.total + 1}>
        <colgroup>
          {columns.map((column) => (
            <col key={column.key} style={column.width ? { width: column.width } : undefined} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={column.right ? "r" : undefined}
                aria-sort={column.sort && column.sort === props.sort ? "descending" : undefined}
              >
                <Head column={column} active={column.sort === props.sort} onSort={props.onSort} />
              </th>
            ))}
          </tr>
        </thead>
        {before > 0 && <Spacer height={before} />}
        {items.map((item) => {
          const current = rows[item.index];
          if (current === undefined) return null;
          const id = rowId(current);
          const open = detail?.(current) ?? null;
          const head = groupHead?.(current, rows[item.index - 1]) ?? null;
          return (
            <tbody key={item.key} data-index={item.index} ref={virtual.measureElement}>
              {head && (
                <tr className="gh">
                  <td colSpan={columns.length}>{head}</td>
                </tr>
              )}
              <tr
                className={props.selected === id ? "on" : undefined}
                aria-rowindex={item.index + 2}
                style={{ height: rowHeight }}
                onFocus={() => setAt(item.index)}
              >
                {columns.map((column) => (
                  <td key={column.key} className={column.right ? "r" : undefined}>
                    {column.cell(current, item.index)}
                  </td>
                ))}
              </tr>
              {open && (
                <tr className="ex">
                  <td colSpan={columns.length}>{open}</td>
                </tr>
              )}
            </tbody>
          );
        })}
        {after > 0 && <Spacer height={after} />}
      </table>
    </section>
  );
}

function Head<Row>(props: { column: Column<Row>; active: boolean; onSort?: (sort: string) => void }) {
  const { column, onSort } = props;
  const text = (
    <Fragment>
      {column.title}
      {column.label && <span className="vh">{column.label}</span>}
    </Fragment>
  );
  if (!column.sort || !onSort) return text;
  const sort = column.sort;
  return (
    <button
      type="button"
      onClick={() => onSort(sort)}
      title={`Sort by ${column.label ?? String(column.title).toLowerCase()}`}
    >
      {text}
      {props.active && <Icon name="down" size="xs" />}
    </button>
  );
}

function Spacer({ height }: { height: number }) {
  return (
    <tbody aria-hidden="true">
      <tr className="space">
        <td style={{ height, padding: 0, border: 0 }} />
      </tr>
    </tbody>
  );
}
