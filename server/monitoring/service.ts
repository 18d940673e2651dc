// Watching deployed models: every call is recorded before its reply leaves, read back by uuid, by who answered and by time, and
// drawn as series; what comes later about calls is kept beside them. Knows no HTTP and no SQL.
import type { Deployment } from "../../lib/contract/model.ts";
import type { PredictionPage, ReferenceRows } from "../../lib/contract/monitoring.ts";
import type {
  MetricsPage,
  MetricsRow,
  PredictionRecord,
  PredictionSeries,
  ReadMetricsQuery,
} from "../../lib/contract/prediction.ts";
import type { Principal } from "../auth/principal.ts";
import { BadRequestError } from "../errors.ts";
import type { Database } from "../storage/database.ts";
import { createAggregateStore, type StoredAggregate } from "./aggregate-store.ts";
import { createKeptAnswers } from "./kept-answers.ts";
import { createLaterMetrics, type LaterMetrics } from "./later-metrics.ts";
import { createLiveEvents, type LiveEvents } from "./live-events.ts";
import { createModelDrift, type ModelDrift } from "./model-drift.ts";
import { fromPageToken, type Position, toPageToken } from "./page-token.ts";
import { type ListQuery, listPredictions } from "./prediction-list.ts";
import type { RangeOf } from "./prediction-range.ts";
import { projectOf, type StoredPrediction, toAggregateRow, toMetricsRow, toRow } from "./prediction-rows.ts";
import { createPrometheusMetrics, type PrometheusMetrics } from "./prometheus.ts";
import { barsOver, emptySeries, exactSeries, pointBuckets, type TimeSpan, toSeries } from "./series.ts";
import { createSeriesStore } from "./series-store.ts";
import { createPredictionStore, type PredictionStore } from "./store.ts";
import { requireRange, wholeRange } from "./time-range.ts";
import { createModelWindows, type ModelWindows } from "./windows.ts";

export interface MonitoringParts {
  readonly database: Database;
  /** Rows that a build's model learnt from; undefined where it brought none. */
  readonly referenceOf: (buildId: string) => Promise<ReferenceRows | undefined>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

export interface SeriesQuery {
  readonly modelCrn?: string | undefined;
  readonly deploymentCrn?: string | undefined;
  /** Absent: from the first call. */
  readonly start?: number | undefined;
  /** Absent: to now, or to the last call when start is absent too. */
  readonly end?: number | undefined;
  /** Up to so many calls, each is a point. Default 2,000. */
  readonly points?: number | undefined;
  /** Of more calls, at most so many are picked. Default: `points`. */
  readonly downsampleTo?: number | undefined;
}

export interface MonitoringService extends LaterMetrics, ModelWindows, ModelDrift {
  /** On the disk when it resolves. @param createdBy who called, when known */
  recordPrediction(record: PredictionRecord, createdBy?: string): Promise<void>;
  /**
   * By start; the stretches of aggregate metrics are among the calls, without a uuid.
   *
   * @throws BadRequestError a page_token that no page ended with
   */
  readMetrics(by: Principal, query: ReadMetricsQuery): Promise<MetricsPage>;
  /** All that `readMetrics` would give page by page. */
  streamMetrics(by: Principal, query: ReadMetricsQuery): AsyncIterable<readonly MetricsRow[]>;
  readSeries(by: Principal, query: SeriesQuery): Promise<PredictionSeries>;
  /** Latest first. */
  listPredictions(by: Principal, query: ListQuery): Promise<PredictionPage>;
  /** Calls of a model that are on record. */
  countPredictions(by: Principal, modelCrn: string): Promise<number>;
  /** Told to those who watch its model. */
  deploymentChanged(deployment: Deployment): void;
  readonly subscribe: LiveEvents["subscribe"];
  readonly prometheus: Pick<PrometheusMetrics, "text" | "contentType">;
  close(): Promise<void>;
}

const mostPoints = 20_000;
const streamedRows = 1000;
const mostKept = 50;

export function createMonitoringService({ database, referenceOf, clock }: MonitoringParts): MonitoringService {
  const store = createPredictionStore(database);
  const seriesStore = createSeriesStore(database);
  const aggregates = createAggregateStore(database);
  const events = createLiveEvents();
  const prometheus = createPrometheusMetrics();
  const drift = createModelDrift({
    store: { ...store, ...seriesStore },
    referenceOf,
    prometheus,
    callsOf: events.callsOf,
  });
  const series = createKeptAnswers<PredictionSeries>({ most: mostKept });
  const sourceOf = rememberSources(store, clock);

  async function recordPrediction(record: PredictionRecord, createdBy = "access-key"): Promise<void> {
    const known = sourceOf(record, createdBy);
    const sourceId = typeof known === "number" ? known : await known;
    const { modelCrn, deploymentCrn, status, startTimestampMs, endTimestampMs } = record;
    await store.insertPrediction(toRow(record, sourceId, projectOf(deploymentCrn), createdBy));
    prometheus.observe({ deploymentCrn, status, durationMs: endTimestampMs - startTimestampMs });
    events.predictionRecorded(modelCrn);
  }

  async function readMetrics(by: Principal, query: ReadMetricsQuery): Promise<MetricsPage> {
    const { pageSize = 100, pageToken } = query;
    const after = pageToken === undefined ? undefined : fromPageToken(pageToken);
    if (query.predictionUuid !== undefined) return readOne(store, by, query);
    const sources = await store.findSources(sourcesOf(by, query));
    if (sources.length === 0) return { metrics: [] };
    const range = wholeRange({ start: query.startTimestampMs, end: query.endTimestampMs });
    const page = { sources, ...range, after, limit: pageSize + 1 };
    const [calls, stretches] = await Promise.all([store.readPage(page), aggregates.readPage(page)]);
    return pageOf(inOneOrder(calls, stretches), pageSize);
  }

  async function* streamMetrics(by: Principal, query: ReadMetricsQuery): AsyncGenerator<readonly MetricsRow[]> {
    for (let pageToken = query.pageToken, first = true; first || pageToken !== undefined; first = false) {
      const page = await readMetrics(by, { ...query, pageSize: streamedRows, ...(pageToken && { pageToken }) });
      if (page.metrics.length > 0) yield page.metrics;
      pageToken = page.next_page_token;
    }
  }

  async function readSeries(by: Principal, query: SeriesQuery): Promise<PredictionSeries> {
    const { modelCrn, deploymentCrn, points = 2000, downsampleTo = points } = query;
    requireSeries(query, points, downsampleTo);
    const sources = await store.findSources({ project: by.project, modelCrn, deploymentCrn });
    if (sources.length === 0) return emptySeries();
    const asked = { sources, ...wholeRange(query) };
    const { total, first, last } = await seriesStore.readExtent(asked);
    if (total === 0) return emptySeries();
    const start = asked.start ?? first!;
    const end = asked.end ?? (asked.start === undefined ? last! : Math.max(clock(), last!));
    const range = { sources, start, end };
    const exact = total <= points;
    const key = JSON.stringify([range, exact || downsampleTo]);
    const draw = exact
      ? async () => exactSeries(range, await seriesStore.readPoints(range))
      : () => drawDownsampled(range, downsampleTo);
    // Calls on record are not changed any more: the same extent has the same calls.
    return await series(key, `${total}, ${first} to ${last}`, draw);
  }

  async function drawDownsampled(range: RangeOf & TimeSpan, points: number): Promise<PredictionSeries> {
    const bars = barsOver(range);
    const [picked, counts, durations] = await Promise.all([
      seriesStore.pickPoints(range, pointBuckets(range, points)),
      seriesStore.countPerBucket(range, bars),
      seriesStore.countDurations(range),
    ]);
    return toSeries({ span: range, points: picked.slice(0, points), bars, counts, durations, exact: false });
  }

  return {
    ...createLaterMetrics({ store: aggregates, events, prometheus, clock }),
    ...createModelWindows({ predictions: store, aggregates, readDrift: drift.readDrift, clock }),
    ...drift,
    recordPrediction,
    readMetrics,
    streamMetrics,
    readSeries,
    async countPredictions(by, modelCrn) {
      const sources = await store.findSources({ project: by.project, modelCrn });
      return sources.length === 0 ? 0 : (await seriesStore.readExtent({ sources })).total;
    },
    listPredictions: (by, query) => listPredictions(store, by, query),
    deploymentChanged: events.deploymentChanged,
    subscribe: events.subscribe,
    prometheus,
    close: async () => events.close(),
  };
}

type SourceOf = (record: PredictionRecord, createdBy: string) => number | Promise<number>;

/** The number of who answers, asked for once; a failed try is made again by the next call. */
function rememberSources(store: PredictionStore, clock: () => number): SourceOf {
  const known = new Map<string, number | Promise<number>>();
  return ({ modelCrn, buildCrn, deploymentCrn }, createdBy) => {
    const id = known.get(deploymentCrn);
    if (id !== undefined) return id;
    const project = projectOf(deploymentCrn);
    const asked = store.findOrInsertSource({
      project,
      createdBy,
      modelCrn,
      buildCrn,
      deploymentCrn,
      createdAt: clock(),
    });
    known.set(deploymentCrn, asked);
    asked.then(
      (found) => known.set(deploymentCrn, found),
      () => known.delete(deploymentCrn),
    );
    return asked;
  };
}

function sourcesOf(by: Principal, query: ReadMetricsQuery) {
  const { modelCrn, modelBuildCrn: buildCrn, modelDeploymentCrn: deploymentCrn } = query;
  return { project: by.project, modelCrn, buildCrn, deploymentCrn };
}

/** By uuid: the one row, if the other conditions hold for it. */
async function readOne(
  store: PredictionStore,
  by: Principal,
  { predictionUuid = "", startTimestampMs = -Infinity, endTimestampMs = Infinity, ...of }: ReadMetricsQuery,
): Promise<MetricsPage> {
  const row = await store.findPrediction(by.project, predictionUuid);
  const fits =
    row &&
    row.started_at >= startTimestampMs &&
    row.started_at <= endTimestampMs &&
    (of.modelCrn ?? row.model_crn) === row.model_crn &&
    (of.modelBuildCrn ?? row.build_crn) === row.build_crn &&
    (of.modelDeploymentCrn ?? row.deployment_crn) === row.deployment_crn;
  return { metrics: fits ? [toMetricsRow(row)] : [] };
}

/** A row of a page before it is cut off, and where it stands. */
interface Placed extends Position {
  readonly row: StoredPrediction | StoredAggregate;
}

/** Calls and stretches, each in order, as one. */
function inOneOrder(calls: readonly StoredPrediction[], stretches: readonly StoredAggregate[]): Placed[] {
  const placed = [
    ...calls.map((row): Placed => ({ startedAt: row.started_at, uuid: row.uuid, row })),
    ...stretches.map((row): Placed => ({ startedAt: row.started_at, uuid: row.id, row })),
  ];
  if (stretches.length === 0) return placed;
  return placed.sort((a, b) => a.startedAt - b.startedAt || (a.uuid < b.uuid ? -1 : 1));
}

/** @param rows one more than the page holds when another follows */
function pageOf(rows: readonly Placed[], pageSize: number): MetricsPage {
  const metrics = rows.slice(0, pageSize).map(({ row }) => ("uuid" in row ? toMetricsRow(row) : toAggregateRow(row)));
  const last = rows[pageSize - 1];
  if (rows.length <= pageSize || !last) return { metrics };
  return { metrics, next_page_token: toPageToken(last) };
}

function requireSeries(query: SeriesQuery, points: number, downsampleTo: number): void {
  for (const [name, count] of Object.entries({ points, downsample_to: downsampleTo })) {
    if (Number.isInteger(count) && count >= 1 && count <= mostPoints) continue;
    throw new BadRequestError(`Cannot draw a series: found ${name} = ${count}, expected 1 to ${mostPoints}`);
  }
  requireRange("draw a series", query);
}
