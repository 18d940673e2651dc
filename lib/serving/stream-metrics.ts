// Reads records of predictions one after the other, however many there are.
import type { MetricsRow, ReadMetricsQuery } from "../contract/prediction.ts";
import { requestLines } from "../core/request-lines.ts";
import { readDevelopmentRecords } from "./development.ts";
import { serverFor } from "./read-metrics.ts";

/**
 * The records that `readMetrics` would give, oldest first, without holding them all in memory.
 *
 * @param query its `pageSize` does not matter
 * @throws ServerError the server refused the query, or the stream broke off
 * @example for await (const row of streamMetrics({ modelCrn })) total += row.metrics["probability"];
 */
export async function* streamMetrics(query: ReadMetricsQuery = {}): AsyncGenerator<MetricsRow> {
  const server = serverFor(query);
  if (server) yield* requestLines<MetricsRow>(server, "/api/v2/metrics/read", query);
  else yield* readDevelopmentRecords(query);
}
