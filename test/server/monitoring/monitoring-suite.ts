// What monitoring promises on every engine: SQLite runs it in `npm test`, a real Postgres in the peers' tests. Long, for it is a
// list of cases over one database.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MetricsRow, PredictionRecord, ReadMetricsQuery } from "../../../lib/contract/prediction.ts";
import type { Principal } from "../../../server/auth/principal.ts";
import { createMonitoringService, type MonitoringService } from "../../../server/monitoring/service.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import type { Place } from "../storage/database-suite.ts";
import { crnOf, randomRecords, recordOf } from "./records.ts";

export const monitoringTransactions = new URL("../../../server/monitoring/transactions.ts", import.meta.url);
export const owner: Principal = { id: "owner", scopes: ["*"], project: "default" };
const now = 1_800_000_000_000;

/** @param newPlace an empty database */
export function monitoringSuite(engine: string, newPlace: () => Promise<Place>): void {
  let place: Place;
  let database: Database;
  let monitoring: MonitoringService;

  beforeAll(async () => {
    place = await newPlace();
    database = await openDatabase({ url: place.url, transactionModules: [monitoringTransactions] });
    monitoring = createMonitoringService({ database, referenceOf: async () => undefined, clock: () => now });
  });
  afterAll(async () => {
    await monitoring?.close();
    await database?.close();
    await place?.remove();
  });

  const recordAll = (records: readonly PredictionRecord[]): Promise<unknown> =>
    Promise.all(records.map((record) => monitoring.recordPrediction(record)));
  const readAll = async (query: ReadMetricsQuery, by = owner): Promise<{ rows: MetricsRow[]; pages: number }> => {
    const rows: MetricsRow[] = [];
    for (let pages = 1, pageToken: string | undefined; ; pages++) {
      const page = await monitoring.readMetrics(by, { ...query, ...(pageToken && { pageToken }) });
      rows.push(...page.metrics);
      pageToken = page.next_page_token;
      if (!pageToken) return { rows, pages };
    }
  };
  const inOrder = (records: readonly PredictionRecord[]): string[] =>
    [...records]
      .sort((a, b) => a.startTimestampMs - b.startTimestampMs || (a.uuid < b.uuid ? -1 : 1))
      .map(({ uuid }) => uuid);
  const uuidsOf = (rows: readonly MetricsRow[]): string[] => rows.map(({ predictionUuid }) => predictionUuid);

  describe(`records on ${engine}`, () => {
    test("an answered call comes back by its uuid as it was", async () => {
      const record = recordOf("answered", {
        request: { tenure: 3, name: "Zoë 🦊", nested: [1, { a: null }] },
        response: { probability: 0.25 },
        metrics: { probability: 0.5, input_data: { tenure: 3 } },
      });
      await monitoring.recordPrediction(record);
      expect(await monitoring.readMetrics(owner, { predictionUuid: record.uuid })).toEqual({
        metrics: [
          {
            modelDeploymentCrn: record.deploymentCrn,
            modelBuildCrn: record.buildCrn,
            modelCrn: record.modelCrn,
            startTimeStampMs: record.startTimestampMs,
            endTimeStampMs: record.endTimestampMs,
            predictionUuid: record.uuid,
            status: 200,
            request: record.request,
            response: record.response,
            metrics: record.metrics,
          },
        ],
      });
    });

    test("a failed call comes back with its status, reason and place", async () => {
      const failure = {
        status: 500,
        errorCode: "model_error",
        errorMessage: "tenure is negative",
        errorPlace: "5_model_serve.ipynb, cell 4 (explain), line 3",
        response: null,
      } as const;
      const record = recordOf("answered", failure);
      await monitoring.recordPrediction(record);
      const { metrics } = await monitoring.readMetrics(owner, { predictionUuid: record.uuid });
      expect(metrics).toMatchObject([{ predictionUuid: record.uuid, ...failure }]);
    });

    test("a uuid recorded twice is refused the second time, its neighbours are not", async () => {
      const record = recordOf("answered");
      const other = recordOf("answered");
      await monitoring.recordPrediction(record);
      const [again, beside] = await Promise.allSettled([
        monitoring.recordPrediction(record),
        monitoring.recordPrediction(other),
      ]);
      expect(again).toMatchObject({ status: "rejected", reason: { name: "UniqueViolationError" } });
      expect(beside.status).toBe("fulfilled");
    });

    test("an unknown uuid, and a uuid of another deployment than asked for, give no rows", async () => {
      const record = recordOf("answered");
      await monitoring.recordPrediction(record);
      for (const query of [
        { predictionUuid: "no-such-uuid" },
        { predictionUuid: record.uuid, modelDeploymentCrn: crnOf("model-deployment", "another") },
        { predictionUuid: record.uuid, endTimestampMs: record.startTimestampMs - 1 },
      ]) {
        expect(await monitoring.readMetrics(owner, query)).toEqual({ metrics: [] });
      }
    });

    test("another project sees none of it", async () => {
      const record = recordOf("answered");
      await monitoring.recordPrediction(record);
      const stranger = { ...owner, project: "other" };
      expect(await monitoring.readMetrics(stranger, { predictionUuid: record.uuid })).toEqual({ metrics: [] });
      expect(await monitoring.readMetrics(stranger, { modelCrn: record.modelCrn })).toEqual({ metrics: [] });
      expect((await monitoring.readSeries(stranger, { modelCrn: record.modelCrn })).total).toBe(0);
    });
  });

  describe(`reads on ${engine}`, () => {
    const first = randomRecords("paged", { count: 70, deployments: 3, seed: 1, spanMs: 40 });

    beforeAll(() => recordAll(first));

    test("pages of every size give all rows once, by start and then by uuid", async () => {
      for (const pageSize of [1, 7, 69, 70, 71, 1000]) {
        const { rows, pages } = await readAll({ modelCrn: first[0]!.modelCrn, pageSize });
        expect(uuidsOf(rows)).toEqual(inOrder(first));
        expect(pages).toBe(Math.ceil(70 / pageSize));
      }
    });

    test("a build's and a deployment's rows are theirs alone", async () => {
      const { buildCrn, deploymentCrn } = first[5]!;
      const ofBuild = first.filter((record) => record.buildCrn === buildCrn);
      const ofDeployment = first.filter((record) => record.deploymentCrn === deploymentCrn);
      expect(uuidsOf((await readAll({ modelBuildCrn: buildCrn, pageSize: 4 })).rows)).toEqual(inOrder(ofBuild));
      expect(uuidsOf((await readAll({ modelDeploymentCrn: deploymentCrn, pageSize: 4 })).rows)).toEqual(
        inOrder(ofDeployment),
      );
    });

    test("a time range includes both its ends", async () => {
      const times = inOrder(first).map((uuid) => first.find((record) => record.uuid === uuid)!.startTimestampMs);
      const [startTimestampMs, endTimestampMs] = [times[20]!, times[50]!];
      const { rows } = await readAll({ modelCrn: first[0]!.modelCrn, startTimestampMs, endTimestampMs, pageSize: 9 });
      const expected = first.filter(
        (record) => record.startTimestampMs >= startTimestampMs && record.startTimestampMs <= endTimestampMs,
      );
      expect(uuidsOf(rows)).toEqual(inOrder(expected));
      const half = { startTimestampMs: startTimestampMs - 0.5, endTimestampMs: endTimestampMs + 0.5 };
      expect((await readAll({ modelCrn: first[0]!.modelCrn, ...half })).rows).toHaveLength(expected.length);
    });

    test("what is recorded while pages are read neither repeats nor hides a row", async () => {
      const records = randomRecords("growing", { count: 30, deployments: 2, seed: 2, spanMs: 1000 });
      await recordAll(records.slice(0, 20));
      const page = await monitoring.readMetrics(owner, { modelCrn: records[0]!.modelCrn, pageSize: 10 });
      const later = records.slice(20).map((record) => ({ ...record, startTimestampMs: record.endTimestampMs + 2000 }));
      await recordAll(later);
      const rest = await readAll({ modelCrn: records[0]!.modelCrn, pageSize: 10, pageToken: page.next_page_token! });
      expect([...uuidsOf(page.metrics), ...uuidsOf(rest.rows)]).toEqual([
        ...inOrder(records.slice(0, 20)),
        ...inOrder(later),
      ]);
    });

    test("a stream gives what the pages give, over more than one of its pages", async () => {
      const records = randomRecords("streamed", { count: 2300, deployments: 2, seed: 3, spanMs: 10_000 });
      await recordAll(records);
      const rows: MetricsRow[] = [];
      const query = { modelCrn: records[0]!.modelCrn, pageSize: 1 };
      for await (const page of monitoring.streamMetrics(owner, query)) rows.push(...page);
      expect(uuidsOf(rows)).toEqual(inOrder(records));
    });

    test("more deployments than a union has arms are read all the same", async () => {
      const records = Array.from({ length: 430 }, (_, i) =>
        recordOf("many", { deploymentCrn: crnOf("model-deployment", `many-${i}`) }),
      );
      await recordAll(records);
      const { rows } = await readAll({ modelCrn: records[0]!.modelCrn, pageSize: 100 });
      expect(uuidsOf(rows)).toEqual(inOrder(records));
    });

    test("a page_token of no page is refused", async () => {
      for (const pageToken of ["", "x", Buffer.from("[1]").toString("base64url")]) {
        await expect(monitoring.readMetrics(owner, { pageToken })).rejects.toMatchObject({ name: "BadRequestError" });
      }
    });
  });

  describe(`series on ${engine}`, () => {
    test("no call: nothing drawn, nothing claimed", async () => {
      const series = await monitoring.readSeries(owner, { modelCrn: crnOf("model", "never-called") });
      expect(series).toMatchObject({ total: 0, failed: 0, exact: true, latencyMs: null, requestsPerSecond: 0 });
    });

    test("few calls: a point each, with the tracked probability, else the answered one, else none", async () => {
      const times = [0, 100, 200, 4100];
      const records = [
        recordOf("few", { metrics: { probability: 0.9 }, response: { probability: 0.1 } }),
        recordOf("few", { metrics: {}, response: { probability: 0.2 } }),
        recordOf("few", { metrics: { probability: "high" }, response: [1] }),
        recordOf("few", { metrics: {}, response: null, status: 500, errorCode: "model_error" }),
      ].map((record, i) => ({
        ...record,
        startTimestampMs: now + times[i]!,
        endTimestampMs: now + times[i]! + 10 * i,
      }));
      await recordAll(records);
      const series = await monitoring.readSeries(owner, { modelCrn: records[0]!.modelCrn, points: 4 });
      expect(series).toEqual({
        total: 4,
        failed: 1,
        exact: true,
        requestsPerSecond: 4 / 4.1,
        latencyMs: { p50: 10, p95: 30, p99: 30 },
        points: {
          startTimestampMs: times.map((time) => now + time),
          durationMs: [0, 10, 20, 30],
          probability: [0.9, 0.2, null, null],
          status: [200, 200, 200, 500],
          uuid: records.map(({ uuid }) => uuid),
        },
        buckets: {
          startTimestampMs: [0, 1, 2, 3, 4].map((second) => now + 1000 * second),
          calls: [3, 0, 0, 0, 1],
          failures: [0, 0, 0, 0, 1],
          bucketMs: 1000,
        },
      });
    });

    test("many calls: the counts are all there, and every stretch keeps its extremes and a failure", async () => {
      const records = randomRecords("many-points", { count: 3000, deployments: 2, seed: 4, spanMs: 3_600_000 });
      await recordAll(records);
      const { modelCrn } = records[0]!;
      const points = 200;
      const series = await monitoring.readSeries(owner, { modelCrn, points });
      const whole = await monitoring.readSeries(owner, { modelCrn, points: 5000 });
      expect(whole.exact).toBe(true);
      expect(whole.points.uuid).toEqual(inOrder(records));
      expect(series).toMatchObject({ ...whole, exact: false, points: expect.anything() });
      expect(series.points.uuid.length).toBeGreaterThan(points / 2);
      expect(series.points.uuid.length).toBeLessThanOrEqual(points);
      for (const name of ["durationMs", "probability", "status"] as const) {
        const [all, drawn] = [whole.points[name], series.points[name]].map((values) =>
          values.filter((value) => value !== null),
        );
        expect(Math.max(...drawn!), name).toBe(Math.max(...all!));
        expect(Math.min(...drawn!), name).toBe(Math.min(...all!));
      }
      expectExtremesKept(whole.points, series.points, points);
    });

    test("as many calls as were asked for are all drawn; of one more, as many as are asked for then", async () => {
      const records = randomRecords("just-enough", { count: 300, deployments: 1, seed: 6, spanMs: 60_000 });
      await recordAll(records);
      const { modelCrn } = records[0]!;
      const exact = await monitoring.readSeries(owner, { modelCrn, points: 300, downsampleTo: 50 });
      expect(exact).toMatchObject({ exact: true, points: { uuid: inOrder(records) } });
      const picked = await monitoring.readSeries(owner, { modelCrn, points: 299, downsampleTo: 50 });
      expect(picked).toMatchObject({ exact: false, total: 300 });
      expect(picked.points.uuid.length).toBeGreaterThan(25);
      expect(picked.points.uuid.length).toBeLessThanOrEqual(50);
    });

    test("a range counts the calls within it alone; with an open end it reaches to now", async () => {
      const records = randomRecords("ranged", { count: 50, deployments: 1, seed: 5, spanMs: 10_000 });
      await recordAll(records);
      const { modelCrn } = records[0]!;
      const start = Math.min(...records.map(({ startTimestampMs }) => startTimestampMs)) + 2000;
      const since = records.filter(({ startTimestampMs }) => startTimestampMs >= start);
      const until = since.filter(({ startTimestampMs }) => startTimestampMs <= start + 4000);
      const open = await monitoring.readSeries(owner, { modelCrn, start });
      expect(open.total).toBe(since.length);
      expect(open.requestsPerSecond).toBeCloseTo(since.length / ((now - start) / 1000), 10);
      const closed = await monitoring.readSeries(owner, { modelCrn, start, end: start + 4000 });
      expect(closed.points.uuid).toEqual(inOrder(until));
      expect(closed.requestsPerSecond).toBe(until.length / 4);
    });

    test("a range that is none, and more points than anyone can see, are refused", async () => {
      for (const query of [{ points: 0 }, { points: 1.5 }, { points: 1e6 }, { start: 2, end: 1 }, { start: 1e300 }]) {
        await expect(monitoring.readSeries(owner, query)).rejects.toMatchObject({ name: "BadRequestError" });
      }
    });
  });
}

interface Points {
  readonly startTimestampMs: readonly number[];
  readonly durationMs: readonly number[];
  readonly probability: readonly (number | null)[];
  readonly status: readonly number[];
}

/** Per stretch, as the points are chosen: its longest and shortest call, its extreme probabilities, and a failure if any. */
function expectExtremesKept(all: Points, drawn: Points, points: number): void {
  const start = all.startTimestampMs[0]!;
  const width = Math.ceil((all.startTimestampMs.at(-1)! - start + 1) / Math.floor(points / 5));
  const extremesOf = (of: Points): unknown[] => {
    const found = new Map<number, { durations: number[]; probabilities: number[]; failed: boolean }>();
    of.startTimestampMs.forEach((time, i) => {
      const bucket = Math.floor((time - start) / width);
      const one = found.get(bucket) ?? { durations: [], probabilities: [], failed: false };
      one.durations.push(of.durationMs[i]!);
      if (of.probability[i] !== null) one.probabilities.push(of.probability[i]!);
      found.set(bucket, { ...one, failed: one.failed || of.status[i]! >= 400 });
    });
    return [...found].map(([bucket, { durations, probabilities, failed }]) => [
      bucket,
      Math.min(...durations),
      Math.max(...durations),
      Math.min(...probabilities),
      Math.max(...probabilities),
      failed,
    ]);
  };
  expect(extremesOf(drawn)).toEqual(extremesOf(all));
}
