// One feature's shares in the rows the model learnt from and in the calls, side by side. Pure: a feature to a figure.
import type { FeatureDrift } from "../../../../../lib/contract/monitoring.ts";
import { toCsv } from "../../../parts/csv.ts";
import type { Figure } from "../../../parts/figure.ts";
import { percent, threeDigits } from "../../../parts/numbers.ts";

/** Grey is what was; the model's own colour is what comes. */
const referenceColour = "#999999";

export function distributionFigure(drift: FeatureDrift): Figure {
  const { feature, distribution } = drift;
  const { reference, current } = distribution;
  const labels = labelsOf(drift);
  const title = `${feature} ${drift.drifted ? "drifted" : "is steady"}: ${measure(drift)}`;
  const bars = { type: "bar" as const, x: labels, hovertemplate: "%{y:.1%}" };
  return {
    title,
    summary: `${title}. ${summaryOf(labels, drift)}`,
    data: [
      { ...bars, name: "calls", y: [...current] },
      { ...bars, name: "learnt from", y: [...reference], marker: { color: referenceColour } },
    ],
    layout: {
      barmode: "group",
      bargap: 0.15,
      bargroupgap: 0,
      xaxis: { title: { text: feature }, type: "category", tickangle: "auto" as never, nticks: 6, fixedrange: true },
      yaxis: { title: { text: "Share" }, tickformat: ".0%", rangemode: "tozero", nticks: 5, fixedrange: true },
      showlegend: true,
      margin: { l: 48, r: 8, t: 8, b: 36 },
    },
    csv: () => toCsv({ [feature]: labels, "learnt from": [...reference], calls: [...current] }),
    fileName: `drift-${feature}`,
  };
}

export function pText(p: number): string {
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}

function measure({ test, statistic, pValue }: FeatureDrift): string {
  const name = {
    "kolmogorov-smirnov": "K-S",
    "chi-squared": "χ²",
    "z-test": "z",
    wasserstein: "distance",
    "jensen-shannon": "distance",
  }[test];
  const size = `${name} ${threeDigits(statistic)}`;
  if (pValue === undefined) return size;
  return `${size}, p ${pValue < 0.0001 ? "< 0.0001" : `= ${threeDigits(pValue)}`}`;
}

/** Categories by name, bins of numbers by their edges. */
function labelsOf({ distribution: { edges, categories, reference } }: FeatureDrift): string[] {
  if (categories) return [...categories];
  return reference.map((_, bin) => `${threeDigits(edges![bin]!)} – ${threeDigits(edges![bin + 1]!)}`);
}

/** Where the two differ most. */
function summaryOf(labels: readonly string[], { distribution: { reference, current } }: FeatureDrift): string {
  const gaps = labels.map((_, bin) => Math.abs(reference[bin]! - current[bin]!));
  const widest = gaps.indexOf(Math.max(...gaps));
  if (widest < 0) return "Nothing to draw.";
  const share = (value: number) => percent(value, 1);
  return `They differ most at ${labels[widest]}: ${share(reference[widest]!)} of the rows learnt from, ${share(current[widest]!)} of the calls.`;
}
