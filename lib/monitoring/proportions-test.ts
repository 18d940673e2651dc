// Is a share the same in two groups?
import { normalTails } from "../core/distributions.ts";

export interface Proportion {
  readonly count: number;
  readonly of: number;
}

/**
 * The two-sided z-test of two proportions with their pooled variance (its square is Pearson's χ² of the 2 × 2 table).
 *
 * @returns statistic 0 and p-value 1 when a group is empty, or nobody or everybody counts
 */
export function proportionsTest(a: Proportion, b: Proportion): { readonly statistic: number; readonly pValue: number } {
  const pooled = (a.count + b.count) / (a.of + b.of);
  const variance = pooled * (1 - pooled) * (1 / a.of + 1 / b.of);
  if (!(variance > 0 && Number.isFinite(variance))) return { statistic: 0, pValue: 1 };
  const statistic = (b.count / b.of - a.count / a.of) / Math.sqrt(variance);
  return { statistic, pValue: normalTails(statistic) };
}
