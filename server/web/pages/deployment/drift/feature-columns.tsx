// What the table of drift shows of a feature. Its name leads to its plot.
import type { DriftTest, FeatureDrift } from "../../../../../lib/contract/monitoring.ts";
import type { TableColumn } from "../../../parts/data-table.tsx";
import { State } from "../../../parts/state.tsx";
import { pText } from "./distribution-figure.ts";
import styles from "./drift.module.css";

export const featureColumns: readonly TableColumn<FeatureDrift>[] = [
  {
    id: "feature",
    title: "Feature",
    value: ({ feature }) => feature,
    cell: ({ feature }) => (
      <button type="button" className={styles.name} onClick={() => showPlot(feature)} title="Show its distributions">
        {feature}
      </button>
    ),
  },
  {
    id: "state",
    title: "State",
    value: ({ drifted }) => (drifted ? "drifted" : "steady"),
    cell: ({ drifted }) => (drifted ? <State tone="bad" word="drifted" /> : <State tone="good" word="steady" />),
  },
  { id: "type", title: "Type", value: ({ type }) => type, cell: ({ type }) => type },
  { id: "test", title: "Test", value: ({ test }) => test, cell: ({ test }) => testNames[test] },
  {
    id: "statistic",
    title: "Statistic",
    number: true,
    value: ({ statistic }) => statistic,
    cell: ({ statistic }) => statistic.toFixed(4),
  },
  {
    id: "p",
    title: "p (corrected)",
    number: true,
    value: ({ pValue }) => pValue ?? null,
    cell: ({ pValue }) => (pValue === undefined ? "–" : pText(pValue)),
  },
];

const testNames: Readonly<Record<DriftTest, string>> = {
  "kolmogorov-smirnov": "Kolmogorov–Smirnov",
  "chi-squared": "chi-squared",
  "z-test": "z-test",
  wasserstein: "Wasserstein distance",
  "jensen-shannon": "Jensen–Shannon distance",
};

function showPlot(feature: string): void {
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  document
    .getElementById(`feature-${feature}`)
    ?.scrollIntoView({ block: "center", behavior: calm ? "auto" : "smooth" });
}
