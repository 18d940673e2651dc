// Columns made ready for plots: groups, numbers without nulls, long series thinned with a notice.
import { quote } from "../core/check.ts";
import { permutation, seededRandom } from "../core/random.ts";
import { columnOf, type FrameLike, rowsOf } from "../frame/columns.ts";
import { typeNameOf } from "../frame/field-type.ts";
import { formatCount } from "./format-value.ts";

/** Rows of one value of the grouping column, by position. */
export interface Group {
  readonly name: string;
  readonly rows: readonly number[];
}

/** Rows by the value of a column, values in the order a reader expects: numbers by size, text by the alphabet. */
export function groupsOf(frame: FrameLike, by: string | undefined): readonly Group[] {
  const all = Array.from({ length: rowsOf(frame) }, (_, i) => i);
  if (by === undefined) return [{ name: "", rows: all }];
  const values = columnOf(frame, by);
  const groups = new Map<string, number[]>();
  for (const i of all) {
    const name = String(values[i] ?? "null");
    const rows = groups.get(name);
    if (rows) rows.push(i);
    else groups.set(name, [i]);
  }
  return [...groups].map(([name, rows]) => ({ name, rows })).sort((a, b) => naturally(a.name, b.name));
}

export function isNumeric(frame: FrameLike, name: string): boolean {
  return ["double", "float", "long", "integer"].includes(typeNameOf(frame, name));
}

/** @throws TypeError the column holds something else than numbers */
export function requireNumeric(frame: FrameLike, name: string, plotName: string): void {
  if (isNumeric(frame, name)) return;
  const type = typeNameOf(frame, name);
  throw new TypeError(`Cannot draw ${plotName} of column ${quote(name)}: found ${type} values, expected numbers`);
}

/** The finite numbers of a column at the given rows. */
export function numbersAt(frame: FrameLike, name: string, rows: readonly number[]): number[] {
  const values = columnOf(frame, name);
  return rows.map((i) => values[i]).filter((value): value is number => Number.isFinite(value));
}

/** Natural order: 2 before 10. */
export function naturally(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

export interface Thinned {
  readonly rows: readonly number[];
  /** What was left out, in words; absent when nothing was. */
  readonly notice?: string;
}

/** At most `limit` of the rows, drawn at random with a fixed seed, in their order. */
export function sampleRows(rows: readonly number[], limit: number): Thinned {
  if (rows.length <= limit) return { rows };
  const chosen = permutation(rows.length, seededRandom(1)).subarray(0, limit).sort();
  return {
    rows: Array.from(chosen, (i) => rows[i]!),
    notice: `${formatCount(limit)} of ${formatCount(rows.length)} rows drawn`,
  };
}

/**
 * At most about `limit` of the rows of a series: of each stretch the lowest and the highest, so that spikes stay.
 *
 * @param values of every row of the frame
 */
export function thinSeries(rows: readonly number[], values: ArrayLike<unknown>, limit: number): Thinned {
  if (rows.length <= limit) return { rows };
  const stretches = Math.max(1, Math.floor(limit / 2));
  const kept: number[] = [];
  for (let s = 0; s < stretches; s++) {
    const from = Math.floor((s * rows.length) / stretches);
    const to = Math.floor(((s + 1) * rows.length) / stretches);
    let low = from;
    let high = from;
    for (let k = from; k < to; k++) {
      if ((values[rows[k]!] as number) < (values[rows[low]!] as number)) low = k;
      if ((values[rows[k]!] as number) > (values[rows[high]!] as number)) high = k;
    }
    kept.push(...(low === high ? [low] : low < high ? [low, high] : [high, low]));
  }
  const notice = `${formatCount(kept.length)} of ${formatCount(rows.length)} points drawn, the lowest and highest of each stretch`;
  return { rows: kept.map((k) => rows[k]!), notice };
}
