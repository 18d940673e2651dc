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
export { type DanfoFrame, fromDanfo, toDanfo } from "./frame/danfo.ts";
export { describe } from "./frame/describe.ts";
export { type FieldType, schemaOf, type TableSchema } from "./frame/field-type.ts";
export { type Frame, type FrameOptions, frameOf, head, type Row, rowObjectsOf } from "./frame/frame.ts";

// Where rows come from and go: files, tables of the warehouse, samples
export { readArrow, writeArrow } from "./data/arrow-file.ts";
export { downloadS3, type DownloadS3Options } from "./data/download-s3.ts";
export { readJson, type ReadJsonOptions, writeJson, type WriteJsonOptions } from "./data/json-file.ts";
export { readParquet, type ReadParquetOptions, writeParquet, type WriteParquetOptions } from "./data/parquet-file.ts";
export { readCsv, type ReadCsvOptions } from "./data/read-csv.ts";
export { type Lineage, type LineageFile, type LineageOptions, writeLineage } from "./data/lineage-file.ts";
export { keepRaw } from "./data/raw-file.ts";
export { readMysql, type ReadMysqlOptions } from "./data/read-mysql.ts";
export { readPostgres, type ReadPostgresOptions } from "./data/read-postgres.ts";
export { sql, type SqlOptions } from "./data/sql.ts";
export { telcoCsv, type TelcoCsvOptions } from "./data/samples/telco-csv.ts";
export { telcoCustomers, type TelcoCustomersOptions } from "./data/samples/telco-customers.ts";
export { telcoSchema } from "./data/samples/telco-schema.ts";
export {
  describeTable,
  listSnapshots,
  type SnapshotSummary,
  type TableDescription,
} from "./data/warehouse/describe-table.ts";
export { findWarehouse, type WarehousePlace } from "./data/warehouse/find-warehouse.ts";
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

// Showing values in a notebook
export { bars, type BarsOptions, type NamedNumbers } from "./display/bars.ts";
export { boxPlot, type BoxPlotOptions } from "./display/box-plot.ts";
export {
  type CalibrationPoints,
  calibrationPlot,
  type Named,
  type RocPoints,
  rocPlot,
} from "./display/curve-plots.ts";
export { display } from "./display/display.ts";
export { histogram, type HistogramOptions } from "./display/histogram.ts";
export { escapeHtml, html, markdown, md, svg } from "./display/html.ts";
export { lines, type LinesOptions } from "./display/lines.ts";
export { type Displayable, displaySymbol, type MimeBundle } from "./display/mime-bundle.ts";
export { pairPlot, type PairPlotOptions } from "./display/pair-plot.ts";
export { type Plot, type PlotOptions, type PlotSpec, plot } from "./display/plot.ts";
export { type Progress, type ProgressOptions, progress } from "./display/progress.ts";
export { scatter, type ScatterOptions } from "./display/scatter.ts";
export { table, type TableData, type TableOptions } from "./display/table.ts";

// What a model's code calls
export { type ModelFunction, type ModelMetricsOptions, modelMetrics } from "./serving/model-metrics.ts";
export { metricsFrame } from "./serving/metrics-frame.ts";
export { readMetrics } from "./serving/read-metrics.ts";
export { streamMetrics } from "./serving/stream-metrics.ts";
export { type AggregateMetricsItem, trackAggregateMetrics } from "./serving/track-aggregate-metrics.ts";
export { type DelayedMetricsItem, trackDelayedMetrics } from "./serving/track-delayed-metrics.ts";
export { trackMetric } from "./serving/track-metric.ts";

// The running server
export {
  createApplication,
  deleteApplication,
  getApplication,
  listApplications,
  restartApplication,
  startApplication,
  stopApplication,
} from "./platform/applications.ts";
export { callModel, type ModelEndpoint, type ModelReply } from "./platform/call-model.ts";
export { type DeployOptions, deploy } from "./platform/deploy.ts";
export type { DeployedModel } from "./platform/deploy-notebook.ts";
export { findServer } from "./platform/find-server.ts";
export { getModel, type ServedModel } from "./platform/get-model.ts";
export {
  createJobRun,
  currentJobRun,
  getJobRun,
  type ListJobRunsOptions,
  listJobRuns,
  stopJobRun,
  type WaitForJobRunOptions,
  waitForJobRun,
} from "./platform/job-runs.ts";
export { createJob, type DeleteJobOptions, deleteJob, getJob, listJobs, updateJob } from "./platform/jobs.ts";
export { type Snippets, snippets } from "./platform/snippets.ts";
export { readDrift, readWindows, setRule, type TimeRange } from "./platform/watch-model.ts";
export { ServerError } from "./core/request-json.ts";
export type { ServerAddress } from "./core/settings.ts";

// A model's life in minutes: calls, late truths, windows, and what may drift
export type { SimulatedModel } from "./simulation/call-endpoint.ts";
export {
  type ConceptDrift,
  type CovariateDrift,
  type DataQualityDrift,
  type Drift,
  type DriftProfile,
  driftStrength,
  type LabelNoise,
  type LatencyDrift,
  type PriorDrift,
} from "./simulation/drift.ts";
export { type PlanCallsOptions, type PlannedCall, planCalls } from "./simulation/plan-calls.ts";
export type { SimulatedWindow, Simulation, SimulationProgress } from "./simulation/run-simulation.ts";
export { type SimulateCallsOptions, simulateCalls } from "./simulation/simulate-calls.ts";
export type { WindowScores } from "./simulation/window-scores.ts";

// Shapes that cross HTTP
export type { Application, ApplicationChange, ApplicationStatus, NewApplication } from "./contract/application.ts";
export type { Job, JobChange, JobFailure, JobRun, JobRunStatus, NewJob, NewJobRun, Schedule } from "./contract/job.ts";
export type {
  Alert,
  DriftReport,
  DriftTest,
  FeatureDrift,
  MonitorRule,
  NewMonitorRule,
  ReferenceRows,
  Windows,
} from "./contract/monitoring.ts";
export type { MetricsPage, MetricsRow, ReadMetricsQuery } from "./contract/prediction.ts";
export type { ColumnSpec, ColumnType, JsonObject, JsonValue, Signature } from "./contract/signature.ts";

// Numbers in a table
export { type Matrix, matrixOf, takeRows } from "./core/matrix.ts";
export { mean, median, type NumberStats, quantiles, standardDeviation, statsOf } from "./core/statistics.ts";

// Prepare: learn on train, apply anywhere
export { binaryLabels } from "./prepare/binary-labels.ts";
export { CategoricalEncoder, type CategoricalEncoderOptions, type Categories } from "./prepare/categorical-encoder.ts";
export { dropNulls, rowsAt } from "./prepare/drop-nulls.ts";
export { OneHotEncoder, type OneHotEncoderOptions } from "./prepare/one-hot-encoder.ts";
export { sampleRows, type SampleOptions } from "./prepare/sample-rows.ts";
export { StandardScaler } from "./prepare/standard-scaler.ts";
export {
  type RowSplit,
  type SplitOptions,
  splitRows,
  take,
  type TrainTestSplit,
  trainTestSplit,
} from "./prepare/train-test-split.ts";
export type { Transformer } from "./prepare/transformer.ts";

// Models: fit and predict
export type { Classifier, LinearClassifier } from "./models/classifier.ts";
export { LogisticRegression, type LogisticRegressionOptions } from "./models/logistic-regression.ts";
export { Pipeline, type PipelineSteps } from "./models/pipeline.ts";
export { RandomForestClassifier, type RandomForestOptions } from "./models/random-forest.ts";
export type { Trees } from "./models/trees.ts";

// Metrics: score predictions
export { type CalibrationCurve, type CalibrationOptions, calibrationCurve } from "./metrics/calibration-curve.ts";
export {
  type ClassificationReport,
  type ClassScores,
  classificationReport,
  f1Score,
  type PositiveOption,
  precision,
  type ReportOptions,
  recall,
} from "./metrics/classification-report.ts";
export {
  accuracy,
  balancedAccuracy,
  type ConfusionMatrix,
  confusionMatrix,
  matthewsCorrelation,
} from "./metrics/confusion-matrix.ts";
export { type CostCurve, type CostOptions, type CostPoint, costCurve } from "./metrics/cost-curve.ts";
export { averagePrecision, type PrecisionRecallCurve, precisionRecallCurve } from "./metrics/precision-recall-curve.ts";
export { brierScore, logLoss } from "./metrics/probability-scores.ts";
export { auc, type RocCurve, type RocOptions, rocAuc, rocCurve } from "./metrics/roc-curve.ts";

// Monitoring: does a deployed model still see what it learnt from, and is it still right?
export { type ChiSquaredTest, chiSquaredTest } from "./monitoring/chi-squared-test.ts";
export { jensenShannon, normedWasserstein, wassersteinDistance } from "./monitoring/distances.ts";
export { type DriftOptions, driftReport } from "./monitoring/drift-report.ts";
export { holm } from "./monitoring/holm.ts";
export { type KolmogorovSmirnov, kolmogorovSmirnov } from "./monitoring/kolmogorov-smirnov.ts";
export { type Proportion, proportionsTest } from "./monitoring/proportions-test.ts";
export { scoreByWindow, type WindowOptions, type WindowScore } from "./monitoring/score-by-window.ts";

// Tune: cross-validate, search
export { type CrossValOptions, crossValScore } from "./tune/cross-val-score.ts";
export { type FoldOptions, KFold, type Splitter, StratifiedKFold } from "./tune/k-fold.ts";
export { LogisticRegressionCV, type LogisticRegressionCVOptions } from "./tune/logistic-regression-cv.ts";
export type { Scorer, ScoringName } from "./tune/scoring.ts";

// Explain: why did the model say that?
export type { PredictRecords } from "./explain/asker.ts";
export {
  type Counterfactual,
  type CounterfactualOptions,
  counterfactual,
  type FeatureChange,
} from "./explain/counterfactual.ts";
export type { CategoryRange, FeatureRange, FeatureRanges, NumberRange } from "./explain/feature-range.ts";
export {
  type PartialDependence,
  type PartialDependenceOptions,
  partialDependence,
} from "./explain/partial-dependence.ts";
export {
  type Explained,
  ExplainedModel,
  type ExplainedModelParts,
  type ExplainOptions,
} from "./explain/explained-model.ts";
export {
  type LimeExplanation,
  type LimeOptions,
  LimeTabular,
  type LimeTabularOptions,
  type LimeWeight,
} from "./explain/lime-tabular.ts";
export type { FeatureRecord } from "./explain/record-encoder.ts";
export { TreeShap } from "./explain/tree-shap.ts";

// Packaging: a model as a folder
export { asset } from "./packaging/asset.ts";
export { type InferSignatureOptions, inferSignature } from "./packaging/infer-signature.ts";
export { loadClassifier } from "./packaging/load-classifier.ts";
export { type ModelFolder, readModelFolder } from "./packaging/read-model-folder.ts";
export { compileSignature, type SignatureCheck } from "./packaging/signature.ts";
export { type Savable, type WriteModelOptions, writeModelFolder } from "./packaging/write-model-folder.ts";
