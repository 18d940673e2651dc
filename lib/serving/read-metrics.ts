// Reads what was recorded of predictions: from the server, or from memory where calls were made without one.
import type { MetricsPage, MetricsRow, ReadMetricsQuery } from "../contract/prediction.ts";
import { requestJson } from "../core/request-json.ts";
import { type ServerAddress, serverAddress } from "../core/settings.ts";
import { developmentCrn, readDevelopmentRecords } from "./development.ts";

/**
 * The records of predictions, oldest first. With `pageSize` one page and the token of the next, without it all of them.
 *
 * Without a server, or for the development deployment, the records of this process's own calls. Many more than fit in memory:
 * `streamMetrics`; as a table: `metricsFrame`.
 *
 * @throws ServerError the server refused the query
 */
export async function readMetrics(query: ReadMetricsQuery = {}): Promise<MetricsPage> {
  const server = serverFor(query);
  if (!server) return { metrics: readDevelopmentRecords(query) };
  const readPage = (pageToken?: string): Promise<MetricsPage> =>
    requestJson(server, "POST", "/api/v2/metrics/read", {
      pageSize: 10_000,
      ...query,
      ...(pageToken && { pageToken }),
    });
  if (query.pageSize !== undefined) return readPage(query.pageToken);
  const metrics: MetricsRow[] = [];
  for (let token: string | undefined = query.pageToken, first = true; first || token; first = false) {
    const page: MetricsPage = await readPage(token);
    metrics.push(...page.metrics);
    token = page.next_page_token;
  }
  return { metrics };
}

/** undefined where this process's own records answer the query. */
export function serverFor(query: ReadMetricsQuery): ServerAddress | undefined {
  if (query.modelDeploymentCrn === developmentCrn) return undefined;
  if (query.predictionUuid !== undefined && readDevelopmentRecords(query).length > 0) return undefined;
  return serverAddress();
}
