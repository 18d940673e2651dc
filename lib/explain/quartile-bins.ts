// A column of numbers cut at its quartiles, as LIME's reference package discretises it: at or below an edge goes left.
import { mean, quantiles, standardDeviation } from "../core/statistics.ts";

export interface QuartileBins {
  /** 25, 50 and 75 % quantiles, equal ones once. */
  readonly edges: readonly number[];
  /** One more than edges. */
  readonly bins: readonly Bin[];
}

/** What a bin's values look like: a normal with their mean and deviation, cut off at the bin's ends. */
export interface Bin {
  readonly mean: number;
  readonly std: number;
  readonly min: number;
  readonly max: number;
  /** Share of the training rows. */
  readonly share: number;
}

/** @param values finite, at least one */
export function quartileBins(values: Float64Array): QuartileBins {
  const [min, q1, q2, q3, max] = quantiles(values, [0, 0.25, 0.5, 0.75, 1]);
  const edges = [...new Set([q1!, q2!, q3!])];
  const members = edges.concat(Number.NaN).map(() => [] as number[]);
  for (const value of values) members[binOf(edges, value)]!.push(value);
  const bins = members.map((inside, b) => ({
    mean: inside.length > 0 ? mean(inside) : 0,
    std: inside.length > 0 ? standardDeviation(inside) : 0,
    min: edges[b - 1] ?? min!,
    max: edges[b] ?? max!,
    share: inside.length / values.length,
  }));
  return { edges, bins };
}

/** Position of the bin that a value falls into. */
export function binOf(edges: readonly number[], value: number): number {
  let bin = 0;
  while (bin < edges.length && value > edges[bin]!) bin++;
  return bin;
}

/** `a < name <= b`, `name <= a` or `name > c`, with two decimals. */
export function binName(name: string, edges: readonly number[], bin: number): string {
  const low = edges[bin - 1];
  const high = edges[bin];
  if (low === undefined) return `${name} <= ${twoDecimals(high!)}`;
  if (high === undefined) return `${name} > ${twoDecimals(low)}`;
  return `${twoDecimals(low)} < ${name} <= ${twoDecimals(high)}`;
}

/** As Python's `%.2f`: of two equally near texts the even one, where toFixed takes the larger. */
function twoDecimals(value: number): string {
  const hundredths = value * 100;
  const down = Math.floor(hundredths);
  const halfway = hundredths - down === 0.5 && Number.isInteger(value * 8);
  return halfway ? ((down % 2 === 0 ? down : down + 1) / 100).toFixed(2) : value.toFixed(2);
}
