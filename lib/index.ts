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
export { agg, desc, escape, not, op, rolling } from "./frame/arquero.ts";
export { fromArrow, toArrow, type ToArrowOptions } from "./frame/arrow.ts";
export { describe } from "./frame/describe.ts";
export { type FieldType, schemaOf, type TableSchema } from "./frame/field-type.ts";
export { type Frame, type FrameOptions, frameOf, head, type Row, rowObjectsOf } from "./frame/frame.ts";

// Where rows come from and go: files, tables of the warehouse, samples
export { readArrow, writeArrow } from "./data/arrow-file.ts";
export { readJson, type ReadJsonOptions, writeJson, type WriteJsonOptions } from "./data/json-file.ts";
export { readParquet, type ReadParquetOptions, writeParquet, type WriteParquetOptions } from "./data/parquet-file.ts";
export { readCsv, type ReadCsvOptions } from "./data/read-csv.ts";
export { telcoCsv, type TelcoCsvOptions } from "./data/samples/telco-csv.ts";
export { telcoCustomers, type TelcoCustomersOptions } from "./data/samples/telco-customers.ts";
export { telcoSchema } from "./data/samples/telco-schema.ts";
export {
  describeTable,
  listSnapshots,
  type SnapshotSummary,
  type TableDescription,
} from "./data/warehouse/describe-table.ts";
export { listDatabases, listTables, type TableSummary } from "./data/warehouse/list-tables.ts";
export { readTable, type ReadTableOptions } from "./data/warehouse/read-table.ts";
export type { TableColumn, WriteMode } from "./data/warehouse/table-metadata.ts";
export type { Condition, ConditionValue, Where } from "./data/warehouse/where.ts";
export {
  TableConflictError,
  writeTable,
  type WriteTableOptions,
  type WrittenTable,
} from "./data/warehouse/write-table.ts";
export { writeCsv, type WriteCsvOptions } from "./data/write-csv.ts";

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
