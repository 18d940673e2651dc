// The least a table is: named columns of one length. Arquero tables and plain objects both fit, and bundles of models need no arquero.

/** Named columns of equal length. */
export type Columns = { readonly [name: string]: ArrayLike<unknown> };

/** What we use of an arquero table. */
export interface TableLike {
  columnNames(): string[];
  numRows(): number;
  array(name: string): ArrayLike<unknown>;
}

/** Any table that prepare, models and explain take. */
export type FrameLike = Columns | TableLike;

/**
 * The named columns of a table, in its order.
 *
 * @throws RangeError two columns differ in length
 */
export function columnsOf(frame: FrameLike): Columns {
  if (isTableLike(frame)) return Object.fromEntries(frame.columnNames().map((name) => [name, frame.array(name)]));
  rowsOf(frame);
  return frame;
}

/**
 * How many rows a table has; a table without columns has none.
 *
 * @throws RangeError two columns differ in length
 */
export function rowsOf(frame: FrameLike): number {
  if (isTableLike(frame)) return frame.numRows();
  const [first, ...others] = Object.entries(frame);
  if (!first) return 0;
  for (const [name, column] of others) {
    if (column.length !== first[1].length) {
      throw new RangeError(
        `Cannot read the table: found ${column.length} rows in "${name}", expected ${first[1].length} as in "${first[0]}"`,
      );
    }
  }
  return first[1].length;
}

/**
 * One column by name.
 *
 * @throws RangeError the table has no such column
 */
export function columnOf(frame: FrameLike, name: string): ArrayLike<unknown> {
  const names = columnNamesOf(frame);
  if (!names.includes(name)) {
    throw new RangeError(`Cannot read column "${name}": the frame has ${names.map((n) => `"${n}"`).join(", ")}`);
  }
  return isTableLike(frame) ? frame.array(name) : frame[name]!;
}

/** Column names in the table's order. */
export function columnNamesOf(frame: FrameLike): string[] {
  return isTableLike(frame) ? frame.columnNames() : Object.keys(frame);
}

function isTableLike(frame: FrameLike): frame is TableLike {
  return typeof (frame as TableLike).columnNames === "function" && typeof (frame as TableLike).numRows === "function";
}
