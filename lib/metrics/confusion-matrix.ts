// Counts of what was true against what was predicted.
import { requireSameLength } from "../core/check.ts";

export interface ConfusionMatrix {
  /** Labels that occur in either, rising. */
  readonly classes: readonly number[];
  /** counts[i][j]: rows whose label is classes[i] and whose prediction is classes[j]. */
  readonly counts: readonly (readonly number[])[];
}

/** @throws RangeError lengths differ or there are no rows */
export function confusionMatrix(labels: ArrayLike<number>, predicted: ArrayLike<number>): ConfusionMatrix {
  requireSameLength("labels", labels, "predictions", predicted);
  if (labels.length === 0) throw new RangeError("Cannot score predictions: found no rows, expected at least one");
  const classes = [...new Set([...Array.from(labels), ...Array.from(predicted)])].sort((a, b) => a - b);
  const place = new Map(classes.map((label, i) => [label, i]));
  const counts = classes.map(() => classes.map(() => 0));
  for (let i = 0; i < labels.length; i++) counts[place.get(labels[i]!)!]![place.get(predicted[i]!)!]! += 1;
  return { classes, counts };
}

/** Share of rows whose prediction is the label. */
export function accuracy(labels: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { counts } = confusionMatrix(labels, predicted);
  const hits = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  return hits / labels.length;
}

/** Mean over the labels of the share found; accuracy when every label were as frequent. */
export function balancedAccuracy(labels: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { counts } = confusionMatrix(labels, predicted);
  const recalls = counts.flatMap((row, i) => {
    const support = row.reduce((sum, count) => sum + count, 0);
    return support > 0 ? [row[i]! / support] : [];
  });
  return recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
}

/**
 * Matthews' correlation of labels and predictions, −1…1; 0 when either takes one value only.
 *
 * @see Gorodkin, Comparing two K-category assignments by a K-category correlation coefficient, 2004
 */
export function matthewsCorrelation(labels: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const { counts } = confusionMatrix(labels, predicted);
  const trueCounts = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const predictedCounts = counts.map((_, j) => counts.reduce((sum, row) => sum + row[j]!, 0));
  const hits = counts.reduce((sum, row, i) => sum + row[i]!, 0);
  const n = labels.length;
  const products = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  const spread = (n * n - products(trueCounts, trueCounts)) * (n * n - products(predictedCounts, predictedCounts));
  return spread === 0 ? 0 : (hits * n - products(trueCounts, predictedCounts)) / Math.sqrt(spread);
}
