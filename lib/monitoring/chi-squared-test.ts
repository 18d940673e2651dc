// Do two or more groups fall into categories in the same proportions?
import { chiSquaredTail } from "../core/distributions.ts";

export interface ChiSquaredTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly degrees: number;
}

/**
 * Pearson's test of homogeneity, as scipy's `chi2_contingency` without Yates' correction. Empty rows and columns do not count.
 *
 * @param counts a row a group, a column a category
 */
export function chiSquaredTest(counts: readonly (readonly number[])[]): ChiSquaredTest {
  const rows = counts.map(sum);
  const columns = (counts[0] ?? []).map((_, j) => sum(counts.map((row) => row[j]!)));
  const total = sum(rows);
  const degrees = Math.max(0, positive(rows) - 1) * Math.max(0, positive(columns) - 1);
  if (degrees === 0) return { statistic: 0, pValue: 1, degrees: 0 };
  let statistic = 0;
  for (const [i, row] of counts.entries()) {
    for (const [j, found] of row.entries()) {
      const expected = (rows[i]! * columns[j]!) / total;
      if (expected > 0) statistic += (found - expected) ** 2 / expected;
    }
  }
  return { statistic, pValue: chiSquaredTail(statistic, degrees), degrees };
}

function positive(totals: readonly number[]): number {
  return totals.filter((one) => one > 0).length;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
