// Plotly as a chunk of its own, fetched with the first plot or ahead of it.
export type Plotly = typeof import("plotly.js");
export type { Data, Layout, PlotRelayoutEvent } from "plotly.js";

let loading: Promise<Plotly> | undefined;

export function loadPlotly(): Promise<Plotly> {
  loading ??= import("./plotly-parts.ts").then(
    (module) => module.plotly,
    (error: unknown) => {
      loading = undefined; // the next plot tries again
      throw error;
    },
  );
  return loading;
}
