// Precision, recall and f1 of each class, as a table that prints and that a notebook shows.
import { accuracy, confusionMatrix } from "./confusion-matrix.ts";

export interface ClassScores {
  /** Share of the class's predictions that are right; 0 when there are none. */
  readonly precision: number;
  /** Share of the class's rows that are found; 0 when there are none. */
  readonly recall: number;
  /** Harmonic mean of both; 0 when both are. */
  readonly f1: number;
  /** Rows of the class. */
  readonly support: number;
}

export interface ClassificationReport {
  /** By class name. */
  readonly classes: { readonly [name: string]: ClassScores };
  readonly accuracy: number;
  /** Every class counts the same. */
  readonly macroAverage: ClassScores;
  /** Every row counts the same. */
  readonly weightedAverage: ClassScores;
  /** The table as text, two decimals. */
  toString(): string;
}

export interface ReportOptions {
  /** Names of the labels, in rising order: `["stays", "leaves"]`. Default: the labels themselves. */
  readonly names?: readonly string[];
}

/**
 * @throws RangeError lengths differ, there are no rows, or there are not as many names as labels
 */
export function classificationReport(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { names }: ReportOptions = {},
): ClassificationReport {
  const { classes, counts } = confusionMatrix(labels, predicted);
  const titles = names ?? classes.map(String);
  if (titles.length !== classes.length) {
    throw new RangeError(`Cannot name ${classes.length} classes: found ${titles.length} names, expected one each`);
  }
  const scores = classes.map((_, i) => scoresOf(counts, i));
  return display({
    classes: Object.fromEntries(titles.map((title, i) => [title, scores[i]!])),
    accuracy: accuracy(labels, predicted),
    macroAverage: average(
      scores,
      scores.map(() => 1),
    ),
    weightedAverage: average(
      scores,
      scores.map(({ support }) => support),
    ),
  });
}

/** @param positive the label that is looked for. Default 1. */
export function precision(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { positive = 1 }: PositiveOption = {},
): number {
  return scoresFor(labels, predicted, positive).precision;
}

export function recall(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { positive = 1 }: PositiveOption = {},
): number {
  return scoresFor(labels, predicted, positive).recall;
}

export function f1Score(
  labels: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { positive = 1 }: PositiveOption = {},
): number {
  return scoresFor(labels, predicted, positive).f1;
}

export interface PositiveOption {
  readonly positive?: number;
}

function scoresFor(labels: ArrayLike<number>, predicted: ArrayLike<number>, positive: number): ClassScores {
  const { classes, counts } = confusionMatrix(labels, predicted);
  const at = classes.indexOf(positive);
  if (at >= 0) return scoresOf(counts, at);
  throw new RangeError(`Cannot score label ${positive}: found labels ${classes.join(", ")}`);
}

function scoresOf(counts: readonly (readonly number[])[], i: number): ClassScores {
  const hits = counts[i]![i]!;
  const support = counts[i]!.reduce((sum, count) => sum + count, 0);
  const called = counts.reduce((sum, row) => sum + row[i]!, 0);
  const precision = called > 0 ? hits / called : 0;
  const recall = support > 0 ? hits / support : 0;
  const f1 = hits > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, f1, support };
}

function average(scores: readonly ClassScores[], weights: readonly number[]): ClassScores {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const of = (pick: (score: ClassScores) => number) =>
    scores.reduce((sum, score, i) => sum + pick(score) * weights[i]!, 0) / total;
  return {
    precision: of((score) => score.precision),
    recall: of((score) => score.recall),
    f1: of((score) => score.f1),
    support: scores.reduce((sum, { support }) => sum + support, 0),
  };
}

/** Text for people and a MIME bundle for notebooks beside the numbers, out of the way of those who list its keys. */
function display(report: Omit<ClassificationReport, "toString">): ClassificationReport {
  const rows = rowsOf(report);
  const bundle = () => ({ "text/plain": textOf(rows), "text/html": htmlOf(rows) });
  return Object.defineProperties(report, {
    toString: { value: () => textOf(rows) },
    [Symbol.for("Jupyter.display")]: { value: bundle },
  }) as ClassificationReport;
}

const heads = ["", "precision", "recall", "f1", "rows"];

function rowsOf(report: Omit<ClassificationReport, "toString">): string[][] {
  const { macroAverage, weightedAverage } = report;
  const row = (name: string, { precision, recall, f1, support }: ClassScores) => [
    name,
    ...[precision, recall, f1].map((score) => score.toFixed(2)),
    String(support),
  ];
  return [
    ...Object.entries(report.classes).map(([name, scores]) => row(name, scores)),
    ["accuracy", "", "", report.accuracy.toFixed(2), String(macroAverage.support)],
    row("macro average", macroAverage),
    row("weighted average", weightedAverage),
  ];
}

function textOf(rows: readonly string[][]): string {
  const table = [heads, ...rows];
  const widths = heads.map((_, j) => Math.max(...table.map((row) => row[j]!.length)));
  return table
    .map((row) => row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]!) : cell.padStart(widths[j]! + 2))).join(""))
    .join("\n");
}

function htmlOf(rows: readonly string[][]): string {
  const cells = (row: readonly string[]) =>
    row
      .slice(1)
      .map((cell) => `<td style="text-align:right">${cell}</td>`)
      .join("");
  const head = heads.map((name) => `<th scope="col">${name}</th>`).join("");
  const body = rows
    .map((row) => `<tr><th scope="row" style="text-align:left">${escapeHtml(row[0]!)}</th>${cells(row)}</tr>`)
    .join("");
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
