// Runs before the application's code is read: a model's page is the slowest to show, so its data, its code and Plotly are asked
// for at once. What fails here is asked for again, and told, by the page.
import { askAhead } from "./parts/asked-ahead.ts";
import { driftPath, modelPath, newestDeploymentPath, seriesPath, windowsPath } from "./parts/model-paths.ts";
import { loadPlotly } from "./parts/plotly.ts";

const [, model] = /^\/ui\/models\/([^/]+)$/.exec(location.pathname) ?? [];
const name = model && location.search === "" ? decoded(model) : undefined;
if (name !== undefined) {
  const everything = { kind: "all" } as const;
  askAhead(modelPath(name));
  askAhead(newestDeploymentPath(name));
  askAhead(seriesPath(name, everything));
  askAhead(windowsPath(name, everything));
  askAhead(driftPath(name, everything));
  loadPlotly().catch(() => {});
  import("./pages/deployment/deployment-page.tsx").catch(() => {});
}

/** Undefined where an address is malformed: no page comes of it. */
function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
