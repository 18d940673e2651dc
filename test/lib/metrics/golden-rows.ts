// The rows that golden.statistics' scores were computed on.
import { expect } from "vitest";
import { golden, lcg } from "../../support/golden.ts";

/** 300 scores in steps of 0.05, so that many tie, and labels that follow them. */
export function tiedScores(): { scores: Float64Array; labels: Float64Array; predicted: Float64Array } {
  const scores = lcg(5, 300).map((u) => Math.floor(u * 20) / 20);
  const chance = lcg(6, 300);
  const labels = scores.map((score, i) => (chance[i]! < score * 0.8 + 0.1 ? 1 : 0));
  expect(labels.reduce((sum, label) => sum + label, 0)).toBe(golden.statistics.pos);
  return { scores, labels, predicted: scores.map((score) => (score >= 0.5 ? 1 : 0)) };
}

/** 120 labels of three classes, seven in ten predicted right and the others by chance. */
export function threeClasses(): { labels: Float64Array; predicted: Float64Array } {
  const labels = lcg(7, 120).map((u) => Math.floor(u * 3));
  const other = lcg(9, 120);
  return { labels, predicted: lcg(8, 120).map((u, i) => (u < 0.7 ? labels[i]! : Math.floor(other[i]! * 3))) };
}
