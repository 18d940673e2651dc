// What monitoring promises of what comes after a call — delayed and aggregate metrics, the table of calls, windows and rules — on
// every engine. Long, for it is a list of cases over one database.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PredictionSummary } from "../../../lib/contract/monitoring.ts";
import type { MetricsRow, PredictionRecord, ReadMetricsQuery } from "../../../lib/contract/prediction.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import type { ListQuery } from "../../../server/monitoring/prediction-list.ts";
import { createRetention } from "../../../server/monitoring/retention.ts";
import { createRetentionStore } from "../../../server/monitoring/retention-store.ts";
import { createMonitoringService, type MonitoringService } from "../../../server/monitoring/service.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import type { Place } from "../storage/database-suite.ts";
import { monitoringTransactions, owner } from "./monitoring-suite.ts";
import { crnOf, randomRecords, recordOf } from "./records.ts";

/** @param newPlace an empty database */
export function laterMetricsSuite(engine: string, newPlace: () => Promise<Place>): void {
  let place: Place;
  let database: Database;
  let monitoring: MonitoringService;
  let now = 1_800_000_000_000;
  const reference = { tenure: wholeNumbers(1000, 1), plan: wholeNumbers(1000, 2).map((n) => `plan ${n % 3}`) };

  beforeAll(async () => {
    place = await newPlace();
    database = await openDatabase({ url: place.url, transactionModules: [monitoringTransactions] });
    monitoring = createMonitoringService({
      database,
      referenceOf: async (build) => (build === "learnt" ? reference : undefined),
      clock: () => ++now,
    });
  });
  afterAll(async () => {
    await monitoring?.close();
    await database?.close();
    await place?.remove();
  });

  const record = async (...records: readonly PredictionRecord[]): Promise<readonly PredictionRecord[]> => {
    await Promise.all(records.map((one) => monitoring.recordPrediction(one)));
    return records;
  };
  const recordOne = async (model: string, more: Partial<PredictionRecord> = {}): Promise<PredictionRecord> =>
    (await record(recordOf(model, more)))[0]!;
  const metricsOf = async (predictionUuid: string) =>
    (await monitoring.readMetrics(owner, { predictionUuid })).metrics[0]?.metrics;
  const readAll = async (query: ReadMetricsQuery): Promise<MetricsRow[]> => {
    const rows: MetricsRow[] = [];
    for await (const page of monitoring.streamMetrics(owner, query)) rows.push(...page);
    return rows;
  };

  describe(`delayed metrics on ${engine}`, () => {
    test("come back among the call's own, and a later value of a name counts", async () => {
      const { uuid } = await recordOne("delayed", { metrics: { probability: 0.5, guess: "Yes" } });
      await monitoring.trackDelayedMetrics(owner, [{ predictionUuid: uuid, metrics: { final: "No", guess: null } }]);
      expect(await metricsOf(uuid)).toEqual({ probability: 0.5, final: "No", guess: null });
      await monitoring.trackDelayedMetrics(owner, [
        { predictionUuid: uuid, metrics: { final: "Yes" } },
        { predictionUuid: uuid.toUpperCase(), metrics: { more: [1, { a: "b" }] } },
      ]);
      expect(await metricsOf(uuid)).toEqual({ probability: 0.5, final: "Yes", guess: null, more: [1, { a: "b" }] });
    });

    test("an unknown uuid refuses the whole batch and is named; so is one of another project", async () => {
      const { uuid } = await recordOne("refused");
      const truth = { final: true };
      const batch = [
        { predictionUuid: uuid, metrics: truth },
        { predictionUuid: "nobody", metrics: truth },
      ];
      await expect(monitoring.trackDelayedMetrics(owner, batch)).rejects.toMatchObject({
        name: "NotFoundError",
        message: expect.stringContaining('"nobody"'),
      });
      const stranger = { ...owner, project: "other" };
      await expect(
        monitoring.trackDelayedMetrics(stranger, [{ predictionUuid: uuid, metrics: truth }]),
      ).rejects.toMatchObject({ name: "NotFoundError" });
      expect(await metricsOf(uuid)).toEqual({});
    });

    test("a batch longer than a statement is kept whole", async () => {
      const records = await record(...Array.from({ length: 1001 }, () => recordOf("long-batch")));
      const items = records.map(({ uuid }, i) => ({ predictionUuid: uuid, metrics: { i } }));
      await monitoring.trackDelayedMetrics(owner, items);
      const rows = await readAll({ modelCrn: crnOf("model", "long-batch") });
      expect(new Map(rows.map(({ predictionUuid, metrics }) => [predictionUuid, metrics["i"]]))).toEqual(
        new Map(records.map(({ uuid }, i) => [uuid, i])),
      );
    });

    test("values that come at once for one call are all kept", async () => {
      const { uuid } = await recordOne("at-once");
      await Promise.all(
        Array.from({ length: 10 }, (_, i) =>
          monitoring.trackDelayedMetrics(owner, [{ predictionUuid: uuid, metrics: { [`k${i}`]: i } }]),
        ),
      );
      expect(await metricsOf(uuid)).toEqual(Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`k${i}`, i])));
    });
  });

  describe(`aggregate metrics on ${engine}`, () => {
    test("come along among the calls by start, without a uuid, page by page", async () => {
      const records = randomRecords("windowed", { count: 40, deployments: 2, seed: 9, spanMs: 1000 });
      await record(...records);
      const start = Math.min(...records.map(({ startTimestampMs }) => startTimestampMs));
      const [first, second] = [...new Set(records.map(({ deploymentCrn }) => deploymentCrn))];
      const stretch = (modelDeploymentCrn: string, at: number, accuracy: number) => ({
        modelDeploymentCrn,
        startTimestampMs: start + at,
        endTimestampMs: start + at + 100,
        metrics: { accuracy },
      });
      await monitoring.trackAggregateMetrics(owner, [
        stretch(first!, 200, 0.8),
        stretch(first!, 0, 0.9),
        stretch(second!, 200, 0.7),
      ]);
      const query = { modelCrn: records[0]!.modelCrn };
      const all = await readAll(query);
      const times = all.map(({ startTimeStampMs }) => startTimeStampMs);
      expect(times).toEqual([...times].sort((a, b) => a - b));
      const aggregates = all.filter(({ predictionUuid }) => predictionUuid === "");
      expect(all.length).toBe(43);
      expect(aggregates.map(({ metrics }) => metrics["accuracy"]).sort()).toEqual([0.7, 0.8, 0.9]);
      expect(aggregates.find(({ metrics }) => metrics["accuracy"] === 0.7)).toMatchObject({
        modelDeploymentCrn: second,
        modelCrn: records[0]!.modelCrn,
        startTimeStampMs: start + 200,
        endTimeStampMs: start + 300,
      });
      for (const pageSize of [1, 5, 42, 43]) {
        const rows: MetricsRow[] = [];
        let pageToken: string | undefined;
        do {
          const page = await monitoring.readMetrics(owner, { ...query, pageSize, ...(pageToken && { pageToken }) });
          rows.push(...page.metrics);
          pageToken = page.next_page_token;
        } while (pageToken);
        expect(rows).toEqual(all);
      }
      const ofSecond = await readAll({ modelDeploymentCrn: second! });
      expect(ofSecond.filter(({ predictionUuid }) => predictionUuid === "")).toHaveLength(1);
      const early = await readAll({ ...query, endTimestampMs: start + 100 });
      expect(early.filter(({ predictionUuid }) => predictionUuid === "")).toHaveLength(1);
    });

    test("the same deployment and stretch again merges", async () => {
      const { deploymentCrn: modelDeploymentCrn, modelCrn } = await recordOne("merged");
      const stretch = { modelDeploymentCrn, startTimestampMs: 10, endTimestampMs: 20 };
      await monitoring.trackAggregateMetrics(owner, [{ ...stretch, metrics: { accuracy: 0.5, n: 100 } }]);
      await monitoring.trackAggregateMetrics(owner, [
        { ...stretch, metrics: { accuracy: 0.75 } },
        { ...stretch, metrics: { partial: true } },
        { ...stretch, endTimestampMs: 21, metrics: { accuracy: 0 } },
      ]);
      const { windows } = await monitoring.readWindows(owner, { modelCrn, end: 100 });
      expect(windows.map(({ endTimestampMs, metrics }) => [endTimestampMs, metrics])).toEqual(
        expect.arrayContaining([
          [20, { accuracy: 0.75, n: 100, partial: true }],
          [21, { accuracy: 0 }],
        ]),
      );
      expect(windows).toHaveLength(2);
    });

    test("a deployment that answered no call, and a stretch that ends before it starts, refuse the whole batch", async () => {
      const { deploymentCrn: modelDeploymentCrn, modelCrn } = await recordOne("none-kept");
      const good = { modelDeploymentCrn, startTimestampMs: 1, endTimestampMs: 2, metrics: { accuracy: 1 } };
      const unknown = { ...good, modelDeploymentCrn: crnOf("model-deployment", "nobody") };
      await expect(monitoring.trackAggregateMetrics(owner, [good, unknown])).rejects.toMatchObject({
        name: "NotFoundError",
        message: expect.stringContaining("nobody"),
      });
      const backward = { ...good, endTimestampMs: 0 };
      await expect(monitoring.trackAggregateMetrics(owner, [good, backward])).rejects.toMatchObject({
        name: "BadRequestError",
      });
      expect((await monitoring.readWindows(owner, { modelCrn })).windows).toEqual([]);
    });
  });

  describe(`windows and rules on ${engine}`, () => {
    test("a window on the wrong side of a rule raises an alert", async () => {
      const { deploymentCrn: modelDeploymentCrn, modelCrn } = await recordOne("alerted");
      const scores = [0.9, 0.7, 0.69, 0.4];
      await monitoring.trackAggregateMetrics(
        owner,
        scores.map((accuracy, i) => ({
          modelDeploymentCrn,
          startTimestampMs: 100 * i,
          endTimestampMs: 100 * i + 99,
          metrics: { accuracy },
        })),
      );
      const rule = await monitoring.putRule(owner, modelCrn, { metric: "accuracy", when: "below", threshold: 0.7 });
      const { windows, rules, alerts } = await monitoring.readWindows(owner, { modelCrn });
      expect(windows.map(({ metrics }) => metrics["accuracy"])).toEqual(scores);
      expect(rules).toEqual([rule]);
      expect(alerts).toEqual([
        { rule, value: 0.69, startTimestampMs: 200, endTimestampMs: 299 },
        { rule, value: 0.4, startTimestampMs: 300, endTimestampMs: 399 },
      ]);
      const reached = await monitoring.readWindows(owner, { modelCrn, start: 150, end: 250 });
      expect(reached.windows.map(({ startTimestampMs }) => startTimestampMs)).toEqual([100, 200]);
      await expect(monitoring.readWindows(owner, { modelCrn, start: 2, end: 1 })).rejects.toThrow("before its start");
    });

    test("a metric and side have one threshold, and a rule is deleted by the model that has it", async () => {
      const [mine, others] = [crnOf("model", "ruled"), crnOf("model", "ruled-too")];
      const low = await monitoring.putRule(owner, mine, { metric: "accuracy", when: "below", threshold: 0.5 });
      const high = await monitoring.putRule(owner, mine, { metric: "accuracy", when: "above", threshold: 0.99 });
      const again = await monitoring.putRule(owner, mine, { metric: "accuracy", when: "below", threshold: 0.6 });
      expect(again).toEqual({ ...low, threshold: 0.6 });
      expect(await monitoring.listRules(mine)).toEqual([again, high]);
      expect(await monitoring.listRules(others)).toEqual([]);
      await expect(monitoring.deleteRule(others, low.id)).rejects.toMatchObject({ name: "NotFoundError" });
      await monitoring.deleteRule(mine, low.id);
      expect(await monitoring.listRules(mine)).toEqual([high]);
    });
  });

  describe(`the table of calls on ${engine}`, () => {
    const records = randomRecords("tabled", { count: 90, deployments: 3, seed: 7, spanMs: 50 });
    const latestFirst = [...records].sort(
      (a, b) => b.startTimestampMs - a.startTimestampMs || (a.uuid < b.uuid ? 1 : -1),
    );
    const { modelCrn } = records[0]!;
    beforeAll(() => record(...records));

    const list = async (query: ListQuery = {}): Promise<PredictionSummary[]> => {
      const items: PredictionSummary[] = [];
      let pageToken: string | undefined;
      do {
        const page = await monitoring.listPredictions(owner, { modelCrn, ...query, pageToken });
        items.push(...page.items);
        pageToken = page.next_page_token;
      } while (pageToken);
      return items;
    };
    const uuidsOf = (items: readonly { readonly uuid: string }[]): string[] => items.map(({ uuid }) => uuid);

    test("gives every call once, latest first, whatever the page", async () => {
      for (const pageSize of [1, 7, 89, 90, 91, 1000]) {
        expect(uuidsOf(await list({ pageSize }))).toEqual(uuidsOf(latestFirst));
      }
    });

    test("narrows by outcome, range and the beginning of a uuid", async () => {
      const failed = latestFirst.filter(({ status }) => status >= 400);
      expect(uuidsOf(await list({ status: "failed", pageSize: 2 }))).toEqual(uuidsOf(failed));
      expect((await list({ status: "ok" })).length).toBe(90 - failed.length);
      const [end, start] = [latestFirst[20]!.startTimestampMs, latestFirst[60]!.startTimestampMs];
      expect(uuidsOf(await list({ start, end, pageSize: 10 }))).toEqual(
        uuidsOf(latestFirst.filter((one) => one.startTimestampMs >= start && one.startTimestampMs <= end)),
      );
      const { uuid } = latestFirst[33]!;
      expect(uuidsOf(await list({ uuidPrefix: uuid }))).toEqual([uuid]);
      expect(uuidsOf(await list({ uuidPrefix: uuid.slice(0, 27).toUpperCase() }))).toContain(uuid);
      expect(await list({ uuidPrefix: "%" })).toEqual([]);
      expect(await list({ uuidPrefix: `${uuid}0` })).toEqual([]);
    });

    test("shows how a call went, and its truth once that has come", async () => {
      const failure = {
        errorCode: "model_error" as const,
        errorMessage: "negative",
        errorPlace: "n.ipynb, cell 1 (a)",
      };
      const failed = await recordOne("shown", { status: 500, response: null, ...failure });
      const answered = await recordOne("shown", { metrics: { probability: 0.75 } });
      const truth = { final_label: "Yes" };
      await monitoring.trackDelayedMetrics(owner, [{ predictionUuid: answered.uuid, metrics: truth }]);
      const rowOf = ({ uuid, deploymentCrn, buildCrn, startTimestampMs }: PredictionRecord) => ({
        ...{ uuid, deploymentCrn, buildCrn, startTimestampMs },
        durationMs: 2,
      });
      expect(await list({ modelCrn: answered.modelCrn })).toEqual([
        { ...rowOf(answered), status: 200, probability: 0.75, truth },
        { ...rowOf(failed), status: 500, probability: null, ...failure },
      ]);
    });

    test("another project sees none; a page size or range that is none is refused", async () => {
      const stranger = { ...owner, project: "other" };
      expect(await monitoring.listPredictions(stranger, { modelCrn })).toEqual({ items: [] });
      for (const query of [{ pageSize: 0 }, { pageSize: 1001 }, { start: 2, end: 1 }, { pageToken: "x" }]) {
        await expect(monitoring.listPredictions(owner, query)).rejects.toMatchObject({ name: "BadRequestError" });
      }
    });
  });

  describe(`drift on ${engine}`, () => {
    /** Calls whose inputs look like the reference, unless changed. */
    const callsOf = (model: string, count: number, change: (input: Input) => object = (input) => input) => {
      const [tenure, plan] = [wholeNumbers(count, 11), wholeNumbers(count, 12)];
      return tenure.map((n, i) =>
        recordOf(model, {
          request: {},
          metrics: { input_data: change({ tenure: n, plan: `plan ${plan[i]! % 3}` }) as Input },
        }),
      );
    };

    test("inputs as the model learnt them do not drift; one that moved does, and raises its rule's alert", async () => {
      const calm = await record(...callsOf("calm", 600));
      const moved = await record(...callsOf("moved", 600, ({ tenure, plan }) => ({ tenure: tenure + 12, plan })));
      const query = (records: readonly PredictionRecord[]) => ({ modelCrn: records[0]!.modelCrn, build: "learnt" });
      const report = await monitoring.readDrift(owner, query(calm));
      expect(report).toMatchObject({ referenceRows: 1000, calls: 600, compared: 600, datasetDrift: false });
      expect(report!.features.map(({ feature, drifted }) => [feature, drifted])).toEqual([
        ["tenure", false],
        ["plan", false],
      ]);
      const other = await monitoring.readDrift(owner, query(moved));
      expect(other!.features.map(({ drifted }) => drifted)).toEqual([true, false]);
      const rule = await monitoring.putRule(owner, moved[0]!.modelCrn, {
        metric: "drift",
        when: "above",
        threshold: 0.4,
      });
      const { alerts } = await monitoring.readWindows(owner, { ...query(moved), start: 1, end: 2e12 });
      expect(alerts).toEqual([{ rule, value: 0.5, startTimestampMs: 1, endTimestampMs: 2e12 }]);
    });

    test("of many calls a thousand are compared, the same ones each time, and failed ones never", async () => {
      const records = callsOf("sampled", 1500);
      const failed = callsOf("sampled", 300, () => ({ tenure: -1, plan: "none" })).map((one) => ({
        ...one,
        status: 500,
      }));
      await record(...records, ...failed);
      const query = { modelCrn: records[0]!.modelCrn, build: "learnt" };
      const report = await monitoring.readDrift(owner, query);
      expect(report).toMatchObject({ calls: 1800, compared: 1000, datasetDrift: false });
      const again = createMonitoringService({ database, referenceOf: async () => reference, clock: () => ++now });
      expect(await again.readDrift(owner, query)).toEqual(report);
    });

    test("a report is kept until a new call comes", async () => {
      const records = await record(...callsOf("kept", 50));
      const query = { modelCrn: records[0]!.modelCrn, build: "learnt" };
      const first = await monitoring.readDrift(owner, query);
      expect(await monitoring.readDrift(owner, query)).toBe(first);
      await recordOne("kept", { metrics: {}, request: { tenure: 3, plan: "plan 1" } });
      expect(await monitoring.readDrift(owner, query)).toMatchObject({ calls: 51, compared: 51 });
    });

    test("a build without reference rows has no report; no calls, or calls of another project, are none compared", async () => {
      const [one] = await record(...callsOf("elsewhere", 20));
      const { modelCrn } = one!;
      expect(await monitoring.readDrift(owner, { modelCrn, build: "another" })).toBeNull();
      expect(await monitoring.readDrift(owner, { modelCrn })).toBeNull();
      const none = { referenceRows: 1000, calls: 0, compared: 0, features: [], datasetDrift: false };
      expect(await monitoring.readDrift({ ...owner, project: "other" }, { modelCrn, build: "learnt" })).toEqual(none);
      expect(await monitoring.readDrift(owner, { modelCrn, build: "learnt", end: 1 })).toEqual(none);
      await expect(monitoring.readDrift(owner, { modelCrn, start: 2, end: 1 })).rejects.toThrow("before its start");
    });
  });
}

/** In a database of its own: what is on record there goes. */
export function retentionSuite(engine: string, newPlace: () => Promise<Place>): void {
  test(`the oldest calls go with what came later about them, by age and by number, on ${engine}`, async () => {
    const place = await newPlace();
    const database = await openDatabase({ url: place.url, transactionModules: [monitoringTransactions] });
    const records = Array.from({ length: 900 }, () => recordOf("kept")).map((record, i) => ({
      ...record,
      uuid: `019a0000-0000-7000-8000-${String(i).padStart(12, "0")}`,
    }));
    const { startTimestampMs: first, deploymentCrn: modelDeploymentCrn } = records[0]!;
    const clock = () => first + 400 + 86_400_000;
    const monitoring = createMonitoringService({ database, referenceOf: async () => undefined, clock });
    const retention = (days: number, calls: number) =>
      createRetention({ store: createRetentionStore(database), limits: { days, calls }, clock });
    await Promise.all(records.map((record) => monitoring.recordPrediction(record)));
    await monitoring.trackDelayedMetrics(
      owner,
      records.map(({ uuid }) => ({ predictionUuid: uuid, metrics: { a: 1 } })),
    );
    const stretch = (startTimestampMs: number, endTimestampMs: number) => ({
      ...{ modelDeploymentCrn, startTimestampMs, endTimestampMs },
      metrics: { accuracy: 1 },
    });
    await monitoring.trackAggregateMetrics(owner, [stretch(first, first + 10), stretch(first, first + 500)]);

    expect(await retention(2, 1000).prune()).toBe(0);
    expect(await retention(1, 1000).prune()).toBe(400);
    const { metrics } = await monitoring.readMetrics(owner, { pageSize: 1000 });
    expect(metrics.filter(({ predictionUuid }) => predictionUuid !== "")).toHaveLength(500);
    expect(metrics.filter(({ predictionUuid }) => predictionUuid === "")).toHaveLength(1);
    expect(await retention(2, 30).prune()).toBe(470);
    const left = await monitoring.readMetrics(owner, { startTimestampMs: first + 1, pageSize: 1000 });
    expect(left.metrics.map(({ predictionUuid }) => predictionUuid)).toEqual(
      records.slice(870).map(({ uuid }) => uuid),
    );
    const { query } = database;
    expect(await query.selectFrom("delayed_metrics").select("uuid").execute()).toHaveLength(30);
    await monitoring.close();
    await database.close();
    await place.remove();
  });
}

type Input = { readonly tenure: number; readonly plan: string };

/** 0 to 71, the same every time. */
function wholeNumbers(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Math.floor(72 * random()));
}
