// Both distributions of a feature as a plot draws them: shares in bins of one width, or of categories.
import type { FeatureDrift } from "../contract/monitoring.ts";
import type { CategoryValues, FeatureValues, NumberValues } from "./feature-values.ts";

const bins = 20;
const mostCategories = 30;

export function distributionOf(values: FeatureValues): FeatureDrift["distribution"] {
  return values.type === "number" ? binned(values) : counted(values);
}

/** Over the range of both; few whole numbers have a bin each. */
function binned({ reference, current }: NumberValues): FeatureDrift["distribution"] {
  let [least, greatest, whole] = [Infinity, -Infinity, true];
  for (const values of [reference, current]) {
    for (const value of values) {
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      whole &&= Number.isInteger(value);
    }
  }
  if (least > greatest) return { edges: [0, 1], reference: [0], current: [0] };
  const each = whole && greatest - least < bins;
  const start = each ? least - 0.5 : least;
  const width = each ? 1 : (greatest - least || 1) / bins;
  const count = each ? greatest - least + 1 : bins;
  const sharesOf = (values: Float64Array): number[] => {
    const shares = new Array<number>(count).fill(0);
    for (const value of values) shares[Math.min(count - 1, Math.floor((value - start) / width))]! += 1 / values.length;
    return shares;
  };
  return {
    edges: Array.from({ length: count + 1 }, (_, i) => start + i * width),
    reference: sharesOf(reference),
    current: sharesOf(current),
  };
}

/** The rest of very many categories is one. */
function counted({ categories, reference, current }: CategoryValues): FeatureDrift["distribution"] {
  const fits = categories.length <= mostCategories;
  const shown = fits ? categories.length : mostCategories - 1;
  const sharesOf = (counts: readonly number[]): number[] => {
    const total = sum(counts) || 1;
    const shares = counts.slice(0, shown).map((count) => count / total);
    return fits ? shares : [...shares, sum(counts.slice(shown)) / total];
  };
  return {
    categories: fits ? categories : [...categories.slice(0, shown), `${categories.length - shown} more`],
    reference: sharesOf(reference),
    current: sharesOf(current),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
