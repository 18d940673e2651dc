// Plotly as a chunk of its own, fetched with the first plot or ahead of it; of its bundles the smallest that has our traces.
export type Plotly = typeof import("plotly.js");
export type { Data, Layout, PlotRelayoutEvent } from "plotly.js";

let loading: Promise<Plotly> | undefined;

export function loadPlotly(): Promise<Plotly> {
  loading ??= import("plotly.js/dist/plotly-basic.min.js").then(
    (module) => ("default" in module ? module.default : module) as Plotly,
    (error: unknown) => {
      loading = undefined; // the next plot tries again
      throw error;
    },
  );
  return loading;
}
