// A table of rows: sorted by a click on a head, columns chosen, taken along as CSV, and only the rows in sight are in the page.
// Knows no rows: columns say what a row shows and what it is sorted by. What is chosen is kept by the page, in its address.
import { ActionIcon, Popover } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconColumns3, IconDownload } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useEffect, useMemo, useRef } from "react";
import { type CsvCell, saveText, toCsv } from "./csv.ts";
import styles from "./data-table.module.css";
import table from "./table.module.css";

export interface TableColumn<Row> {
  readonly id: string;
  readonly title: string;
  /** Numbers stand at the right. */
  readonly number?: boolean;
  /** Text that may wrap. */
  readonly wide?: boolean;
  cell(row: Row): ReactNode;
  /** What it is sorted by, and what stands in the CSV. */
  value(row: Row): CsvCell;
}

/** `calls`, or `-calls` for the greatest first. */
export type SortOrder = string;

export interface DataTableProps<Row> {
  readonly label: string;
  readonly caption: string;
  /** Of the CSV, without its ending. */
  readonly fileName: string;
  readonly rows: readonly Row[];
  readonly columns: readonly TableColumn<Row>[];
  keyOf(row: Row): string;
  /** Absent: rows stand as they came. */
  readonly sort?: SortOrder | undefined;
  onSort?(sort: SortOrder | undefined): void;
  readonly hidden?: readonly string[];
  onHide(hidden: readonly string[]): void;
  /** The last row came into sight. */
  onEnd?(): void;
  /** Beside the buttons. */
  readonly children?: ReactNode;
}

const rowHeight = 35;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, caption, fileName, rows, columns, keyOf, sort, onSort, hidden = [], onHide, onEnd, children } = props;
  const sorted = useMemo(() => inOrder(rows, columns, sort), [rows, columns, sort]);
  const shown = columns.filter(({ id }) => !hidden.includes(id));
  const { box, items, before, after, measure } = useRowsInSight(sorted.length, onEnd);

  return (
    <div>
      <div className={styles.tools}>
        <div className={styles.filters}>{children}</div>
        <ColumnChooser label={label} columns={columns} hidden={hidden} onHide={onHide} />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Download ${label} as CSV`}
          title="Download CSV"
          onClick={() => saveText(csvOf(sorted, shown), `${fileName}.csv`, "text/csv")}
        >
          <IconDownload size={17} stroke={1.6} />
        </ActionIcon>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by the arrow keys once focused */}
      <section ref={box} className={`${table.scroll} ${styles.box}`} tabIndex={0} aria-label={label}>
        <table className={table.table} aria-rowcount={sorted.length + 1}>
          <caption className={styles.caption}>{caption}</caption>
          <thead>
            <tr aria-rowindex={1}>
              {shown.map((column) => (
                <HeadCell key={column.id} column={column} sort={sort} onSort={onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <tr aria-hidden style={{ height: before }} />}
            {items.map((index) => {
              const row = sorted[index]!;
              return (
                <tr key={keyOf(row)} ref={measure} data-index={index} aria-rowindex={index + 2} className={styles.row}>
                  {shown.map((column) => (
                    <td key={column.id} className={classOf(column)}>
                      {column.cell(row)}
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 && <tr aria-hidden style={{ height: after }} />}
          </tbody>
        </table>
      </section>
    </div>
  );
}

type ColumnChooserProps<Row> = Pick<DataTableProps<Row>, "label" | "columns" | "onHide"> & {
  readonly hidden: readonly string[];
};

/** The first column says which row it is and stays. */
function ColumnChooser<Row>({ label, columns, hidden, onHide }: ColumnChooserProps<Row>) {
  return (
    <Popover position="bottom-end" trapFocus returnFocus withinPortal={false}>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={`Columns of ${label}`} title="Columns">
          <IconColumns3 size={17} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown className={styles.chooser} aria-label={`Columns of ${label}`}>
        {columns.slice(1).map(({ id, title }) => (
          <label key={id}>
            <input
              type="checkbox"
              checked={!hidden.includes(id)}
              onChange={(event) =>
                onHide(event.currentTarget.checked ? hidden.filter((other) => other !== id) : [...hidden, id])
              }
            />
            {title}
          </label>
        ))}
      </Popover.Dropdown>
    </Popover>
  );
}

interface HeadCellProps<Row> {
  readonly column: TableColumn<Row>;
  readonly sort: SortOrder | undefined;
  onSort: ((sort: SortOrder | undefined) => void) | undefined;
}

function HeadCell<Row>({ column, sort, onSort }: HeadCellProps<Row>) {
  const { id, title } = column;
  if (!onSort) return <th className={classOf(column)}>{title}</th>;
  const direction = sort === id ? "ascending" : sort === `-${id}` ? "descending" : "none";
  const Icon = direction === "descending" ? IconArrowDown : IconArrowUp;
  return (
    <th className={classOf(column)} aria-sort={direction}>
      <button
        type="button"
        className={styles.sort}
        data-number={column.number}
        onClick={() => onSort(nextOrder(column, direction))}
      >
        {title}
        <Icon size={13} stroke={1.8} aria-hidden data-shown={direction !== "none"} />
      </button>
    </th>
  );
}

/** Numbers begin with the greatest, words with the first; a third click leaves the order. */
function nextOrder<Row>({ id, number }: TableColumn<Row>, direction: string): SortOrder | undefined {
  const orders = number ? [`-${id}`, id] : [id, `-${id}`];
  if (direction === "none") return orders[0];
  const now = direction === "ascending" ? id : `-${id}`;
  return orders[orders.indexOf(now) + 1];
}

function useRowsInSight(count: number, onEnd: (() => void) | undefined) {
  const box = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 0, height: 700 },
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1);
  const atEnd = last !== undefined && last.index >= count - 1;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once per end
  useEffect(() => {
    if (atEnd) onEnd?.();
  }, [atEnd, count]);

  return {
    box,
    items: items.map(({ index }) => index),
    before: items[0]?.start ?? 0,
    after: last ? rows.getTotalSize() - last.end : 0,
    measure: rows.measureElement,
  };
}

/** As they came without an order; what is not known stands last in both directions. */
export function inOrder<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sort: SortOrder | undefined,
): readonly Row[] {
  const falling = sort?.startsWith("-") === true;
  const column = columns.find(({ id }) => id === (falling ? sort.slice(1) : sort));
  if (!column) return rows;
  const direction = falling ? -1 : 1;
  return rows
    .map((row) => ({ row, value: column.value(row) }))
    .sort((a, b) => {
      if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null);
      return direction * compare(a.value, b.value);
    })
    .map(({ row }) => row);
}

function compare(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
}

function csvOf<Row>(rows: readonly Row[], columns: readonly TableColumn<Row>[]): string {
  return toCsv(Object.fromEntries(columns.map(({ title, value }) => [title, rows.map(value)])));
}

function classOf<Row>({ number, wide }: TableColumn<Row>): string | undefined {
  return number ? table.number : wide ? table.wide : undefined;
}
