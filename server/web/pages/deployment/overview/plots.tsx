// Is it right, is it quick, is it used? The plots of a range; a stretch chosen in one is chosen in all.
import { useMemo } from "react";
import type { PredictionSeries } from "../../../../../lib/contract/prediction.ts";
import { fromWallClock } from "../../../parts/numbers.ts";
import { Plot } from "../../../parts/plot.tsx";
import type { RangeSearch, TimeRange } from "../../../parts/time-range.ts";
import { timeAxis } from "./axis.ts";
import { callsFigure } from "./calls-figure.ts";
import { dragMode } from "./drag-mode.ts";
import { durationFigure } from "./duration-figure.ts";
import { probabilityFigure } from "./probability-figure.ts";

export interface DeploymentPlotsProps {
  readonly model: string;
  readonly series: PredictionSeries;
  readonly range: TimeRange;
  /** When the series was read: the end of a range that ends now. */
  readonly readAt: number;
  /** A chosen stretch; nothing chosen means everything. */
  onZoom(range: RangeSearch): void;
}

export function DeploymentPlots({ model, series, range, readAt, onZoom }: DeploymentPlotsProps) {
  const key = JSON.stringify(range);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the range, which is a new object each time
  const figures = useMemo(() => {
    const axis = timeAxis(series, range, readAt);
    return [probabilityFigure, durationFigure, callsFigure]
      .map((draw) => draw(series, axis))
      .filter((figure) => figure !== undefined)
      .map((figure) => ({ ...figure, layout: { ...figure.layout, dragmode: dragMode() } }));
  }, [series, key, readAt]);

  return figures.map(({ fileName, ...figure }) => (
    <Plot
      key={fileName}
      {...figure}
      fileName={`${model}-${fileName}`}
      onZoom={(ends) =>
        onZoom(ends ? { start: Math.floor(fromWallClock(ends[0])), end: Math.ceil(fromWallClock(ends[1])) } : {})
      }
    />
  ));
}
