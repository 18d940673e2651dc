// Runs before the application's code is read: a model's page is the slowest to show, so its data, its code and Plotly are asked
// for at once. What fails here is asked for again, and told, by the page.
import { askAhead } from "./parts/asked-ahead.ts";
import { driftPath, modelPath, newestDeploymentPath, seriesPath, windowsPath } from "./parts/model-paths.ts";
import { loadPlotly } from "./parts/plotly.ts";

const [, model] = /^\/ui\/models\/([^/]+)$/.exec(location.pathname) ?? [];
if (model && location.search === "") {
  const name = decodeURIComponent(model);
  const everything = { kind: "all" } as const;
  const paths = [modelPath(name), newestDeploymentPath(name)];
  for (const path of [
    ...paths,
    seriesPath(name, everything),
    windowsPath(name, everything),
    driftPath(name, everything),
  ]) {
    askAhead(path);
  }
  loadPlotly().catch(() => {});
  import("./pages/deployment/deployment-page.tsx").catch(() => {});
}
