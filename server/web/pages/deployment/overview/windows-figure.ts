// A score per window of calls, with the lines of its rules; windows on the wrong side stand out. Pure: windows to a figure.
import type { Windows } from "../../../../../lib/contract/monitoring.ts";
import { toCsv } from "../../../parts/csv.ts";
import type { Figure } from "../../../parts/figure.ts";
import { counted, threeDigits, wallClock, wallTime } from "../../../parts/numbers.ts";
import { axisBetween, fixedMargins, plotMargins, type TimeAxis } from "./axis.ts";
import { failureColour } from "./failure-colour.ts";

/** Beyond this many windows the line alone shows them: marks would be one band, and slow to draw. */
const mostMarked = 200;

export interface ScoredWindow {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly deploymentCrn: string;
  /** On the wrong side of a rule. */
  readonly alerted: boolean;
}

/** Scores that windows have, accuracy first. */
export function metricsOf({ windows }: Windows): string[] {
  const names = new Set(
    windows.flatMap(({ metrics }) => Object.keys(metrics).filter((name) => isScore(metrics[name]))),
  );
  return [...names].sort((a, b) => Number(b === "accuracy") - Number(a === "accuracy") || a.localeCompare(b, "en"));
}

/** Windows that have the score, by start. */
export function scoresOf({ windows, alerts }: Windows, metric: string): ScoredWindow[] {
  const alerted = new Set(
    alerts
      .filter(({ rule }) => rule.metric === metric)
      .map((alert) => `${alert.startTimestampMs}-${alert.endTimestampMs}`),
  );
  return windows.flatMap(({ startTimestampMs: start, endTimestampMs: end, metrics, deploymentCrn }) => {
    const value = metrics[metric];
    if (!isScore(value)) return [];
    return [{ start, end, value, deploymentCrn, alerted: alerted.has(`${start}-${end}`) }];
  });
}

export function windowsFigure(windows: Windows, metric: string): Figure {
  const scores = scoresOf(windows, metric);
  const rules = windows.rules.filter((rule) => rule.metric === metric);
  const middle: Middle = ({ start, end }) => wallTime((start + end) / 2);
  const named = capital(metric);
  const title = titleOf(metric, scores);
  const wrong = scores.filter(({ alerted }) => alerted);
  const values = [...scores.map(({ value }) => value), ...rules.map(({ threshold }) => threshold)];
  return {
    title,
    summary: `${title}. ${counted(scores.length, "window")} drawn over time${rules.map(ruleWords).join("")}.`,
    data: [
      {
        type: "scatter",
        mode: scores.length > mostMarked ? "lines" : "lines+markers",
        name: metric,
        x: scores.map(middle),
        y: scores.map(({ value }) => value),
        text: scores.map(spanText),
        hovertemplate: `%{y:.4~f}, %{text}<extra>${metric}</extra>`,
        cliponaxis: false,
      },
      ...(wrong.length > 0
        ? [
            {
              type: "scatter" as const,
              name: "alert",
              ...(wrong.length > mostMarked ? alertedLine(scores, middle) : alertMarks(wrong, middle)),
              hoverinfo: "skip" as const,
              cliponaxis: false,
            },
          ]
        : []),
    ],
    layout: {
      xaxis: windowsAxis(scores),
      yaxis: { title: { text: `${named} per window` }, fixedrange: true, ...fixedMargins, ...rangeAround(values) },
      showlegend: wrong.length > 0,
      margin: plotMargins({ legend: wrong.length > 0 }),
      shapes: rules.map(({ threshold }) => ({
        type: "line",
        xref: "paper",
        x0: 0,
        x1: 1,
        y0: threshold,
        y1: threshold,
        line: { color: failureColour, width: 1.5, dash: "dash" },
      })),
      annotations: rules.map(({ threshold, when }) => ({
        xref: "paper",
        x: 1,
        xanchor: "right",
        y: threshold,
        yanchor: when === "below" ? "top" : "bottom",
        text: `alert ${when} ${threshold}`,
        showarrow: false,
        font: { size: 11 },
      })),
    },
    csv: () =>
      toCsv({
        start: scores.map(({ start }) => new Date(start).toISOString()),
        end: scores.map(({ end }) => new Date(end).toISOString()),
        [metric]: scores.map(({ value }) => value),
        alert: scores.map(({ alerted }) => (alerted ? "yes" : "no")),
        deployment: scores.map(({ deploymentCrn }) => deploymentCrn),
      }),
    fileName: `${metric}-per-window`,
  };
}

type Middle = (window: ScoredWindow) => number;

function alertMarks(wrong: readonly ScoredWindow[], middle: Middle) {
  return {
    mode: "markers" as const,
    x: wrong.map(middle),
    y: wrong.map(({ value }) => value),
    marker: { color: failureColour, symbol: "diamond-open" as const, size: 13, line: { width: 2 } },
  };
}

/** The stretches of the line that lead to an alert or away from one. */
function alertedLine(scores: readonly ScoredWindow[], middle: Middle) {
  const near = (i: number): boolean => [i - 1, i, i + 1].some((at) => scores[at]?.alerted);
  return {
    mode: "lines" as const,
    x: scores.map(middle),
    y: scores.map(({ value }, i) => (near(i) ? value : null)),
    line: { color: failureColour, width: 3 },
  };
}

function titleOf(metric: string, scores: readonly ScoredWindow[]): string {
  const [first, last] = [scores[0], scores.at(-1)];
  if (!first || !last) return `No window has ${metric} yet`;
  const named = capital(metric);
  if (scores.length === 1) return `${named} was ${threeDigits(last.value)} in the one window`;
  const wrong = scores.filter(({ alerted }) => alerted).length;
  const course = `${named} went from ${threeDigits(first.value)} to ${threeDigits(last.value)}`;
  return wrong === 0
    ? `${course} over ${counted(scores.length, "window")}`
    : `${course}; ${wrong} of ${counted(scores.length, "window")} raised an alert`;
}

/** As the calls' axis, of its own length: scores may cover more or less than the calls. */
function windowsAxis(scores: readonly ScoredWindow[]): TimeAxis {
  const [first = 0, last = 1] = [scores[0]?.start, scores.at(-1)?.end];
  const air = (last - first) * 0.02;
  return axisBetween(first - air, last + air);
}

/** A little air around what is drawn; a share stays within 0 and 1. */
function rangeAround(values: readonly number[]): { range?: [number, number] } {
  if (values.length === 0) return {};
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const air = Math.max(0.02, (most - least) * 0.15);
  const share = least >= 0 && most <= 1;
  return { range: share ? [Math.max(-0.02, least - air), Math.min(1.02, most + air)] : [least - air, most + air] };
}

function ruleWords({ when, threshold }: Windows["rules"][number]): string {
  return `; an alert is raised ${when} ${threshold}`;
}

function spanText({ start, end }: ScoredWindow): string {
  return `${wallClock(start).slice(11, 19)} to ${wallClock(end).slice(11, 19)}`;
}

function isScore(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
