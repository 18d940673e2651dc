// What a model's page asks for while its code still loads, so that nothing waits for something else to be read.
import type { QueryClient } from "@tanstack/react-query";
import { loadPlotly } from "../../parts/plotly.ts";
import { modelQuery, newestDeploymentQuery, seriesQuery } from "../../parts/queries.ts";
import { toTimeRange } from "../../parts/time-range.ts";
import type { DeploymentSearch } from "./deployment-search.ts";
import { driftQuery, windowsQuery } from "./queries.ts";

/** Waits for nothing: what fails here is asked for again, and told, by the page. */
export function readAhead(
  client: QueryClient,
  name: string,
  search: Pick<DeploymentSearch, "tab" | "last" | "start" | "end">,
): void {
  const range = toTimeRange(search);
  void client.prefetchQuery(modelQuery(name));
  void client.prefetchQuery(newestDeploymentQuery(name));
  if (search.tab === undefined) {
    void client.prefetchQuery(seriesQuery(name, range));
    void client.prefetchQuery(windowsQuery(name, range));
  }
  if (search.tab === undefined || search.tab === "drift") {
    void client.prefetchQuery(driftQuery(name, range));
    loadPlotly().catch(() => {});
  }
}
