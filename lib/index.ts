// Every public name of the library, by hand, in groups.

// A table in memory
export {
  type Columns,
  columnNamesOf,
  columnOf,
  columnsOf,
  type FrameLike,
  rowsOf,
  type TableLike,
} from "./frame/columns.ts";

// What a model's code calls
export { type ModelFunction, type ModelMetricsOptions, modelMetrics } from "./serving/model-metrics.ts";
export { readMetrics } from "./serving/read-metrics.ts";
export { trackMetric } from "./serving/track-metric.ts";

// The running server
export { callModel, type ModelEndpoint, type ModelReply } from "./platform/call-model.ts";
export { type DeployedModel, type DeployOptions, deploy } from "./platform/deploy.ts";
export { findServer } from "./platform/find-server.ts";
export { ServerError } from "./core/request-json.ts";
export type { ServerAddress } from "./core/settings.ts";

// Shapes that cross HTTP
export type { MetricsPage, MetricsRow, ReadMetricsQuery } from "./contract/prediction.ts";
export type { ColumnSpec, ColumnType, JsonObject, JsonValue, Signature } from "./contract/signature.ts";
