// Rows around one row: every column drawn on its own from what the training rows hold, numbers bin first and then a normal
// within the bin. What LIME's reference package does (lime 0.2.0.1, lime_tabular.py), drawn column by column.
import type { Random } from "../core/random.ts";
import { type Bin, binOf, type QuartileBins } from "./quartile-bins.ts";

/** What a column's values are drawn from: codes of categories with their shares, or the bins of a number. */
export type ColumnDraw =
  | { readonly codes: readonly number[]; readonly shares: readonly number[] }
  | { readonly quartiles: QuartileBins };

export interface Neighbourhood {
  /** samples × columns, row-major; the first row is the explained one itself. */
  readonly values: Float64Array;
  /** 1 where a value is in the same bin or category as the explained row's; the first row is all ones. */
  readonly same: Uint8Array;
}

/** Rows drawn together, column by column: as many as stay in the processor's nearest cache. */
const rowsTogether = 128;

export function drawNeighbourhood(
  row: ArrayLike<number>,
  columns: readonly ColumnDraw[],
  samples: number,
  random: Random,
): Neighbourhood {
  const width = columns.length;
  const values = new Float64Array(samples * width);
  const same = new Uint8Array(samples * width);
  values.set(row);
  same.fill(1, 0, width);
  const draws = columns.map((column, j) => compile(column, row[j]!));
  const normal = polarNormal(random);
  for (let first = 1; first < samples; first += rowsTogether) {
    const end = Math.min(samples, first + rowsTogether) * width;
    for (const [j, draw] of draws.entries()) {
      for (let k = first * width + j; k < end; k += width) {
        const choice = pick(draw.upTo, random());
        values[k] = draw.bins ? withinBin(draw.bins[choice]!, normal) : draw.codes[choice]!;
        if (choice === draw.own) same[k] = 1;
      }
    }
  }
  return { values, same };
}

/** A column ready to be drawn from: choices by cumulated share, and which of them the explained row has. */
interface CompiledDraw {
  readonly upTo: Float64Array;
  readonly own: number;
  readonly codes: readonly number[];
  /** Of a number; a category has codes alone. */
  readonly bins: readonly Bin[] | undefined;
}

function compile(column: ColumnDraw, value: number): CompiledDraw {
  if ("codes" in column) {
    const { codes, shares } = column;
    return { upTo: cumulated(shares), own: codes.indexOf(value), codes, bins: undefined };
  }
  const { edges, bins } = column.quartiles;
  return { upTo: cumulated(bins.map(({ share }) => share)), own: binOf(edges, value), codes: [], bins };
}

/**
 * A normal number within the bin, by rejection. The bin holds its own mean, so that few draws fail; after 64 the mean stands in.
 * (Of a bin of one value the reference package draws 0, by oversight; we draw the value.)
 */
function withinBin({ mean, std, min, max }: Bin, normal: Random): number {
  if (std === 0 || min === max) return mean;
  for (let attempt = 0; attempt < 64; attempt++) {
    const value = mean + std * normal();
    if (value >= min && value <= max) return value;
  }
  return mean;
}

/** Standard normal numbers, a pair at a time (Marsaglia's polar method): half the cost of Box and Muller. */
function polarNormal(random: Random): Random {
  const pair = new Float64Array(2); // a typed array, so that no number is boxed
  let left = 0;
  return () => {
    if (left === 1) {
      left = 0;
      return pair[1]!;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      pair[1] = v * factor;
      left = 1;
      return u * factor;
    }
  };
}

/** Upper ends of the shares on 0…1; the last that holds anything is open, whatever rounding leaves over. */
function cumulated(shares: readonly number[]): Float64Array {
  const upTo = new Float64Array(shares.length).fill(Number.POSITIVE_INFINITY);
  const last = shares.findLastIndex((share) => share > 0);
  let sum = 0;
  for (let i = 0; i < last; i++) upTo[i] = sum += shares[i]!;
  return upTo;
}

/** Position of the share that `u` falls into. */
function pick(upTo: Float64Array, u: number): number {
  let i = 0;
  while (u >= upTo[i]!) i++;
  return i;
}
