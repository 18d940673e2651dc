// How every plot looks, in the dashboard, in notebooks and in exports: one Plotly template for light and one for dark.
// Imports nothing, so that the browser's pages may use it.

/** Okabe and Ito's colours, told apart by every eye; a model or run keeps its colour on all plots of a page. */
export const seriesColours: readonly string[] = [
  "#0072B2",
  "#E69F00",
  "#009E73",
  "#CC79A7",
  "#56B4E9",
  "#D55E00",
  "#F0E442",
  "#999999",
];

const inks = {
  light: { text: "#3d3d3d", line: "#c6c6c6", grid: "#ececea", paper: "#ffffff" },
  dark: { text: "#d0d0d0", line: "#5a5a5a", grid: "#303030", paper: "#1f1f1f" },
} as const;

/** A Plotly layout template: little grid, titled axes, legend on top, one tooltip per position, small margins. */
export function plotTemplate(mode: "light" | "dark"): object {
  const ink = inks[mode];
  const axis = {
    automargin: true,
    gridcolor: ink.grid,
    linecolor: ink.line,
    tickcolor: ink.line,
    ticks: "outside",
    ticklen: 4,
    zeroline: false,
    title: { standoff: 8, font: { size: 12 } },
  };
  return {
    layout: {
      colorway: mode === "dark" ? brightFirst() : [...seriesColours],
      font: { family: 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif', size: 12, color: ink.text },
      paper_bgcolor: ink.paper,
      plot_bgcolor: ink.paper,
      margin: { l: 48, r: 12, t: 12, b: 40 },
      hovermode: "x unified",
      hoverlabel: { bgcolor: ink.paper, bordercolor: ink.line, font: { color: ink.text } },
      legend: { orientation: "h", x: 0, xanchor: "left", y: 1.02, yanchor: "bottom" },
      xaxis: { ...axis, showgrid: false, showline: true },
      yaxis: { ...axis, showline: false },
    },
  };
}

/** On a dark ground the sky blue leads in place of the deep one. */
function brightFirst(): string[] {
  const [deep, ...others] = seriesColours;
  return ["#56B4E9", ...others.map((colour) => (colour === "#56B4E9" ? deep! : colour))];
}
