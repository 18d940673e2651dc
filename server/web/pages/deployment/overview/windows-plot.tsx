// Is it right? One score of the windows over time, the choice of the score, and the alerts it raised, each a step to its calls.
import { NativeSelect } from "@mantine/core";
import { useMemo } from "react";
import type { Alert, Windows } from "../../../../../lib/contract/monitoring.ts";
import { clockTime, counted, fromWallClock, threeDigits } from "../../../parts/numbers.ts";
import { Plot } from "../../../parts/plot.tsx";
import { State } from "../../../parts/state.tsx";
import type { RangeSearch } from "../../../parts/time-range.ts";
import { When } from "../../../parts/when.tsx";
import { dragMode } from "./drag-mode.ts";
import { metricsOf, windowsFigure } from "./windows-figure.ts";
import styles from "./windows-plot.module.css";

export interface WindowsPlotProps {
  readonly model: string;
  readonly windows: Windows;
  readonly metric: string | undefined;
  onMetric(metric: string): void;
  onZoom(range: RangeSearch): void;
}

const shownAlerts = 5;

export function WindowsPlot({ model, windows, metric, onMetric, onZoom }: WindowsPlotProps) {
  const metrics = metricsOf(windows);
  const chosen = metric && metrics.includes(metric) ? metric : metrics[0];
  const figure = useMemo(() => {
    if (!chosen) return undefined;
    const { layout, ...drawn } = windowsFigure(windows, chosen);
    return { ...drawn, layout: { ...layout, dragmode: dragMode() } };
  }, [windows, chosen]);
  if (!figure || !chosen) return null;
  const alerts = windows.alerts.filter(({ rule }) => [chosen, "drift"].includes(rule.metric));

  return (
    <div className={styles.holder}>
      <Plot
        {...figure}
        fileName={`${model}-${figure.fileName}`}
        onZoom={(ends) =>
          onZoom(ends ? { start: Math.floor(fromWallClock(ends[0])), end: Math.ceil(fromWallClock(ends[1])) } : {})
        }
        tools={
          metrics.length > 1 && (
            <NativeSelect
              size="xs"
              aria-label="Score of the windows"
              data={metrics}
              value={chosen}
              onChange={(event) => onMetric(event.currentTarget.value)}
            />
          )
        }
      >
        {alerts.length > 0 && <Alerts alerts={alerts} onZoom={onZoom} />}
      </Plot>
    </div>
  );
}

/** Latest first. */
function Alerts({ alerts, onZoom }: { alerts: readonly Alert[]; onZoom(range: RangeSearch): void }) {
  const latest = [...alerts].sort((a, b) => b.startTimestampMs - a.startTimestampMs);
  return (
    <section aria-label="Alerts" className={styles.alerts}>
      <ul>
        {latest.slice(0, shownAlerts).map(({ rule, value, startTimestampMs: start, endTimestampMs: end }) => (
          <li key={`${rule.id}-${start}-${end}`}>
            <State
              tone="warning"
              word={`${rule.metric} ${threeDigits(value)} is ${rule.when} ${threeDigits(rule.threshold)}`}
            />
            <button type="button" className={styles.step} onClick={() => onZoom({ start, end })}>
              {clockTime(start)} – {clockTime(end)}
            </button>
            <When time={end} />
          </li>
        ))}
      </ul>
      {latest.length > shownAlerts && <p>and {counted(latest.length - shownAlerts, "alert")} before</p>}
    </section>
  );
}
