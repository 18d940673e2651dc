// Every public name of the library, by hand, in groups.

// Shapes that cross HTTP
export type {
  MetricsPage,
  MetricsRow,
  ReadMetricsQuery,
} from "./contract/prediction.ts";
export type {
  ColumnSpec,
  ColumnType,
  JsonObject,
  JsonValue,
  Signature,
} from "./contract/signature.ts";
export { ServerError } from "./core/request-json.ts";
export type { ServerAddress } from "./core/settings.ts";
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
export {
  callModel,
  type ModelEndpoint,
  type ModelReply,
} from "./platform/call-model.ts";
// The running server
export {
  type DeployedModel,
  type DeployOptions,
  deploy,
} from "./platform/deploy.ts";
export { findServer } from "./platform/find-server.ts";
// What a model's code calls
export {
  type ModelFunction,
  type ModelMetricsOptions,
  modelMetrics,
} from "./serving/model-metrics.ts";
export { readMetrics } from "./serving/read-metrics.ts";
export { trackMetric } from "./serving/track-metric.ts";
