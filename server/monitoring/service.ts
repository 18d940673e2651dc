// Watching deployed models: every call is recorded before its reply leaves, read back by uuid, by who answered and by time, and
// drawn as series. Knows no HTTP and no SQL.

import type { Deployment } from "../../lib/contract/model.ts";
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
import { createLiveEvents, type LiveEvents } from "./live-events.ts";
import { fromPageToken, toPageToken } from "./page-token.ts";
import { projectOf, type StoredPrediction, toMetricsRow, toRow } from "./prediction-rows.ts";
import { createPrometheusMetrics, type PrometheusMetrics } from "./prometheus.ts";
import { barsOver, emptySeries, exactSeries, pointBuckets, toSeries } from "./series.ts";
import { createPredictionStore, type PredictionStore } from "./store.ts";

export interface MonitoringParts {
  readonly database: Database;
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
  /** At most so many. Default 2,000. */
  readonly points?: number | undefined;
}

export interface MonitoringService {
  /** On the disk when it resolves. @param createdBy who called, when known */
  recordPrediction(record: PredictionRecord, createdBy?: string): Promise<void>;
  /** @throws BadRequestError a page_token that no page ended with */
  readMetrics(by: Principal, query: ReadMetricsQuery): Promise<MetricsPage>;
  /** All that `readMetrics` would give page by page. */
  streamMetrics(by: Principal, query: ReadMetricsQuery): AsyncIterable<readonly MetricsRow[]>;
  readSeries(by: Principal, query: SeriesQuery): Promise<PredictionSeries>;
  /** Told to those who watch its model. */
  deploymentChanged(deployment: Deployment): void;
  readonly subscribe: LiveEvents["subscribe"];
  readonly prometheus: Pick<PrometheusMetrics, "text" | "contentType">;
  close(): Promise<void>;
}

const mostPoints = 20_000;
const streamedRows = 1000;

export function createMonitoringService({ database, clock }: MonitoringParts): MonitoringService {
  const store = createPredictionStore(database);
  const events = createLiveEvents();
  const prometheus = createPrometheusMetrics();
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
    const sources = await store.findSources(sourcesOf(by, query));
    if (query.predictionUuid !== undefined) return readOne(store, by, query, sources);
    if (sources.length === 0) return { metrics: [] };
    const range = { sources, start: roundUp(query.startTimestampMs), end: roundDown(query.endTimestampMs) };
    const rows = await store.readPage({ ...range, after, limit: pageSize + 1 });
    return pageOf(rows, pageSize);
  }

  async function* streamMetrics(by: Principal, query: ReadMetricsQuery): AsyncGenerator<readonly MetricsRow[]> {
    for (let pageToken = query.pageToken, first = true; first || pageToken !== undefined; first = false) {
      const page = await readMetrics(by, { ...query, pageSize: streamedRows, ...(pageToken && { pageToken }) });
      if (page.metrics.length > 0) yield page.metrics;
      pageToken = page.next_page_token;
    }
  }

  async function readSeries(by: Principal, query: SeriesQuery): Promise<PredictionSeries> {
    const { modelCrn, deploymentCrn, points = 2000 } = query;
    requireSeries(query, points);
    const sources = await store.findSources({ project: by.project, modelCrn, deploymentCrn });
    if (sources.length === 0) return emptySeries();
    const asked = { sources, start: roundUp(query.start), end: roundDown(query.end) };
    const { total, first, last } = await store.readExtent(asked);
    if (total === 0) return emptySeries();
    const start = asked.start ?? first!;
    const end = asked.end ?? (asked.start === undefined ? last! : Math.max(clock(), last!));
    const range = { sources, start, end };
    if (total <= points) return exactSeries({ start, end }, await store.readPoints(range));
    const bars = barsOver(range);
    const [picked, counts, durations] = await Promise.all([
      store.pickPoints(range, pointBuckets(range, points)),
      store.countPerBucket(range, bars),
      store.countDurations(range),
    ]);
    return toSeries({ span: range, points: picked.slice(0, points), bars, counts, durations, exact: false });
  }

  return {
    recordPrediction,
    readMetrics,
    streamMetrics,
    readSeries,
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
  { predictionUuid = "", startTimestampMs = -Infinity, endTimestampMs = Infinity }: ReadMetricsQuery,
  sources: readonly number[],
): Promise<MetricsPage> {
  const row = await store.findPrediction(by.project, predictionUuid);
  const fits =
    row && sources.includes(row.source_id) && row.started_at >= startTimestampMs && row.started_at <= endTimestampMs;
  return { metrics: fits ? [toMetricsRow(row)] : [] };
}

/** @param rows one more than the page holds when another follows */
function pageOf(rows: readonly StoredPrediction[], pageSize: number): MetricsPage {
  const metrics = rows.slice(0, pageSize).map(toMetricsRow);
  const last = rows[pageSize - 1];
  if (rows.length <= pageSize || !last) return { metrics };
  return { metrics, next_page_token: toPageToken({ startedAt: last.started_at, uuid: last.uuid }) };
}

function requireSeries({ start, end }: SeriesQuery, points: number): void {
  if (!Number.isInteger(points) || points < 1 || points > mostPoints) {
    throw new BadRequestError(`Cannot draw a series: found points = ${points}, expected 1 to ${mostPoints}`);
  }
  for (const [name, value] of [
    ["start", start],
    ["end", end],
  ] as const) {
    if (value === undefined || (Number.isFinite(value) && Math.abs(value) <= 8.64e15)) continue;
    throw new BadRequestError(`Cannot draw a series: found ${name} = ${value}, expected milliseconds since 1970`);
  }
  if (start !== undefined && end !== undefined && start > end) {
    throw new BadRequestError("Cannot draw a series: found an end before its start");
  }
}

/** Times are kept in whole milliseconds. */
function roundUp(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.ceil(time);
}

function roundDown(time: number | undefined): number | undefined {
  return time === undefined ? undefined : Math.floor(time);
}
