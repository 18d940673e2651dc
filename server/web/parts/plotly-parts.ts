// Of Plotly what our plots draw with: points, lines, bars, their axes, legends, threshold lines, labels and downloads. From its
// source, since its smallest bundle holds a seventh more, and what is loaded here is waited for.
import "plotly.js/build/plotcss";
import annotations from "plotly.js/src/components/annotations";
import colorbar from "plotly.js/src/components/colorbar";
import colorscale from "plotly.js/src/components/colorscale";
import fx from "plotly.js/src/components/fx";
import legend from "plotly.js/src/components/legend";
import modebar from "plotly.js/src/components/modebar";
import selections from "plotly.js/src/components/selections";
import shapes from "plotly.js/src/components/shapes";
import english from "plotly.js/src/locale-en";
import americanEnglish from "plotly.js/src/locale-en-us";
import plotApi from "plotly.js/src/plot_api";
import plots from "plotly.js/src/plots/plots";
import registry from "plotly.js/src/registry";
import bar from "plotly.js/src/traces/bar";
import scatter from "plotly.js/src/traces/scatter";
import type { Plotly } from "./plotly.ts";

for (const [name, fn] of Object.entries(plotApi)) registry.register({ moduleType: "apiMethod", name, fn });
registry.register([scatter, bar]);
registry.register([annotations, selections, shapes, colorscale, colorbar, legend, fx, modebar]); // a legend reads what shapes left
registry.register([english, americanEnglish]);

export const plotly = { ...plotApi, Plots: { resize: plots.resize } } as unknown as Plotly;
