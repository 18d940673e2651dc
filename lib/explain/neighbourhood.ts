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

export function drawNeighbourhood(
  row: ArrayLike<number>,
  columns: readonly ColumnDraw[],
  samples: number,
  random: Random,
): Neighbourhood {
  const values = new Float64Array(samples * columns.length);
  const same = new Uint8Array(samples * columns.length);
  const normal = polarNormal(random);
  for (const [j, column] of columns.entries()) {
    values[j] = row[j]!;
    same[j] = 1;
    if ("codes" in column) drawCodes(column, row[j]!, { values, same, at: j, step: columns.length }, random);
    else drawNumbers(column.quartiles, row[j]!, { values, same, at: j, step: columns.length }, random, normal);
  }
  return { values, same };
}

/** One column of the neighbourhood: `at` is its first row, `step` the way to the next. */
interface Target {
  readonly values: Float64Array;
  readonly same: Uint8Array;
  readonly at: number;
  readonly step: number;
}

function drawCodes(
  { codes, shares }: { readonly codes: readonly number[]; readonly shares: readonly number[] },
  own: number,
  { values, same, at, step }: Target,
  random: Random,
): void {
  const upTo = cumulated(shares);
  for (let k = at + step; k < values.length; k += step) {
    const code = codes[pick(upTo, random())]!;
    values[k] = code;
    same[k] = code === own ? 1 : 0;
  }
}

function drawNumbers(
  { edges, bins }: QuartileBins,
  own: number,
  { values, same, at, step }: Target,
  random: Random,
  normal: Random,
): void {
  const upTo = cumulated(bins.map(({ share }) => share));
  const ownBin = binOf(edges, own);
  for (let k = at + step; k < values.length; k += step) {
    const bin = pick(upTo, random());
    values[k] = withinBin(bins[bin]!, normal);
    same[k] = bin === ownBin ? 1 : 0;
  }
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

/** Standard normal numbers in pairs (Marsaglia's polar method): half the cost of Box and Muller. */
function polarNormal(random: Random): Random {
  let spare = Number.NaN;
  return () => {
    if (!Number.isNaN(spare)) {
      const held = spare;
      spare = Number.NaN;
      return held;
    }
    for (;;) {
      const u = 2 * random() - 1;
      const v = 2 * random() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };
}

function cumulated(shares: readonly number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(shares, (share) => (sum += share));
}

/** Position of the share that `u` falls into; what rounding leaves over belongs to the last that has any. */
function pick(upTo: Float64Array, u: number): number {
  let i = 0;
  while (i < upTo.length && u >= upTo[i]!) i++;
  while (i >= upTo.length || (i > 0 && upTo[i] === upTo[i - 1])) i--;
  return i;
}
