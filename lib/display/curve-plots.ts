// The two curves a classifier is judged by. They take the curves that lib/metrics computes, by their shape.
import { formatNumber } from "./format-value.ts";
import { layoutOf, type Plot, type PlotOptions, plot, sentence } from "./plot.ts";

/** As `rocCurve` returns. */
export interface RocPoints {
  readonly falsePositiveRate: ArrayLike<number>;
  readonly truePositiveRate: ArrayLike<number>;
}

/** As `calibrationCurve` returns. */
export interface CalibrationPoints {
  readonly predicted: ArrayLike<number>;
  readonly observed: ArrayLike<number>;
  readonly rows?: ArrayLike<number>;
}

/** Curves by the name in the legend; one curve alone needs no name. */
export type Named<T> = T | { readonly [name: string]: T };

/** ROC curves with their areas beside the diagonal of chance. */
export function rocPlot(curves: Named<RocPoints>, options: PlotOptions = {}): Plot {
  const named = Object.entries(isRoc(curves) ? { model: curves } : curves).map(([name, curve]) => ({
    name,
    curve,
    area: areaUnder(curve),
  }));
  return plot({
    data: [
      ...named.map(({ name, curve, area }) => ({
        type: "scatter",
        mode: "lines",
        name: `${name}, area ${area.toFixed(3)}`,
        x: Array.from(curve.falsePositiveRate),
        y: Array.from(curve.truePositiveRate),
      })),
      diagonal("chance"),
    ],
    layout: unitSquare({ xTitle: "false positive rate", yTitle: "true positive rate", ...options }),
    text: sentence(options.title, ...named.map(({ name, area }) => `ROC curve of ${name}: area ${area.toFixed(3)}`)),
  });
}

/** Share that happened against the probability that was given; on the diagonal they agree. */
export function calibrationPlot(curves: Named<CalibrationPoints>, options: PlotOptions = {}): Plot {
  const named = Object.entries(isCalibration(curves) ? { model: curves } : curves);
  return plot({
    data: [
      ...named.map(([name, { predicted, observed, rows }]) => ({
        type: "scatter",
        mode: "lines+markers",
        name,
        x: Array.from(predicted),
        y: Array.from(observed),
        ...(rows && {
          customdata: Array.from(rows),
          hovertemplate: "%{y:.3f} of %{customdata:,} rows<extra>%{fullData.name}</extra>",
        }),
      })),
      diagonal("perfect"),
    ],
    layout: unitSquare({ xTitle: "predicted probability", yTitle: "share observed", ...options }),
    text: sentence(options.title, ...named.map(([name, curve]) => `Calibration of ${name}: ${calibrationText(curve)}`)),
  });
}

function isRoc(curves: Named<RocPoints>): curves is RocPoints {
  return "falsePositiveRate" in curves && "length" in (curves.falsePositiveRate as object);
}

function isCalibration(curves: Named<CalibrationPoints>): curves is CalibrationPoints {
  return "predicted" in curves && "length" in (curves.predicted as object);
}

/** By trapezoids. */
function areaUnder({ falsePositiveRate: x, truePositiveRate: y }: RocPoints): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area;
}

function calibrationText({ predicted, observed }: CalibrationPoints): string {
  return Array.from(
    predicted,
    (p, i) => `${formatNumber(Number(p.toFixed(3)))} → ${formatNumber(Number(observed[i]!.toFixed(3)))}`,
  ).join(", ");
}

function diagonal(name: string): object {
  return {
    type: "scatter",
    mode: "lines",
    name,
    x: [0, 1],
    y: [0, 1],
    line: { dash: "dot", width: 1, color: "#999999" },
    hoverinfo: "skip",
  };
}

function unitSquare(options: PlotOptions): object {
  const layout = layoutOf({ height: 420, ...options });
  const unit = { range: [-0.02, 1.02], dtick: 0.2 };
  return {
    ...layout,
    xaxis: { ...(layout["xaxis"] as object), ...unit },
    yaxis: { ...(layout["yaxis"] as object), ...unit },
    hovermode: "closest",
  };
}
