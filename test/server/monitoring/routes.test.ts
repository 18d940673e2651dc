// Monitoring over HTTP: its routes on an app of their own, a real service and database behind them.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import express, { type ErrorRequestHandler } from "express";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Deployment } from "../../../lib/contract/model.ts";
import type { MonitorRule, PredictionPage, Windows } from "../../../lib/contract/monitoring.ts";
import type { MetricsPage, MetricsRow, PredictionSeries } from "../../../lib/contract/prediction.ts";
import type { JsonObject } from "../../../lib/contract/signature.ts";
import { type Principal, setPrincipal } from "../../../server/auth/principal.ts";
import { NotFoundError, refusalFor } from "../../../server/errors.ts";
import { monitoringRoutes, prometheusRoutes } from "../../../server/monitoring/routes.ts";
import { createMonitoringService, type MonitoringService } from "../../../server/monitoring/service.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { monitoringTransactions, owner } from "./monitoring-suite.ts";
import { crnOf, recordOf } from "./records.ts";

const folder = temporaryFolder();
const server = createServer();
let database: Database;
let monitoring: MonitoringService;
let url: string;
let by: Principal | undefined = owner;

beforeAll(async () => {
  database = await openDatabase({
    url: join(folder.path, "cellwright.db"),
    transactionModules: [monitoringTransactions],
  });
  monitoring = createMonitoringService({ database, referenceOf: async () => undefined, clock: Date.now });
  server.on("request", appOf(monitoring)).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await monitoring.close();
  await database.close();
  folder[Symbol.dispose]();
});

function appOf(service: MonitoringService): express.Express {
  const app = express();
  app.use((req, _res, next) => {
    if (by) setPrincipal(req, by);
    next();
  });
  app.use(prometheusRoutes(service));
  const findModel = async (_by: Principal, name: string) => {
    if (name === "gone") throw new NotFoundError('Cannot find model "gone"');
    return { name, crn: crnOf("model", name) };
  };
  app.use("/api/v2", express.json(), monitoringRoutes(service, { findModel }));
  const refuse: ErrorRequestHandler = (error, _req, res, _next) => {
    const { status, body } = refusalFor(error);
    res.status(status).json(body);
  };
  return app.use(refuse);
}

const read = (query: object, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/api/v2/metrics/read`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(query),
  });

describe("POST /metrics/read", () => {
  test("answers page by page", async () => {
    const records = [recordOf("http"), recordOf("http"), recordOf("http")];
    for (const record of records) await monitoring.recordPrediction(record);
    const query = { modelCrn: crnOf("model", "http"), pageSize: 2 };
    const first = (await (await read(query)).json()) as MetricsPage;
    const second = (await (await read({ ...query, pageToken: first.next_page_token })).json()) as MetricsPage;
    expect([...first.metrics, ...second.metrics].map(({ predictionUuid }) => predictionUuid)).toEqual(
      records.map(({ uuid }) => uuid),
    );
    expect(second.next_page_token).toBeUndefined();
  });

  test("streams a row a line for who accepts NDJSON", async () => {
    const records = Array.from({ length: 1500 }, () => recordOf("lines"));
    await Promise.all(records.map((record) => monitoring.recordPrediction(record)));
    const reply = await read({ modelCrn: crnOf("model", "lines") }, { accept: "application/x-ndjson" });
    expect(reply.headers.get("content-type")).toMatch(/^application\/x-ndjson/);
    const rows = (await reply.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as MetricsRow);
    expect(rows.map(({ predictionUuid }) => predictionUuid)).toEqual(records.map(({ uuid }) => uuid));
  });

  test("refuses an unknown key, a wrong page size, a foreign page token", async () => {
    for (const [query, reason] of [
      [{ modelCRN: "x" }, "modelCRN"],
      [{ pageSize: 0 }, "pageSize"],
      [{ pageToken: "mine" }, "page_token"],
    ] as const) {
      const reply = await read(query);
      expect(reply.status).toBe(400);
      expect(await reply.text()).toContain(reason);
    }
  });

  test("needs the scope metrics:read", async () => {
    by = { ...owner, scopes: ["models:read"] };
    expect((await read({})).status).toBe(403);
    by = undefined;
    expect((await read({})).status).toBe(401);
    by = owner;
  });
});

const post = (path: string, body: object): Promise<Response> =>
  fetch(`${url}/api/v2/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
const get = async <T>(path: string): Promise<T> => (await fetch(`${url}/api/v2/${path}`)).json() as Promise<T>;
const aggregate = (model: string, startTimestampMs: number, endTimestampMs: number, metrics: object) => ({
  modelDeploymentCrn: crnOf("model-deployment", `${model}-deployment`),
  startTimestampMs,
  endTimestampMs,
  metrics,
});

describe("what comes later", () => {
  test("delayed metrics are kept, shown in the table and refused whole with the unknown uuid", async () => {
    const [first, second] = [recordOf("later"), recordOf("later")];
    for (const record of [first, second]) await monitoring.recordPrediction(record);
    const truth = { predictionUuid: first.uuid, metrics: { final: "Yes" } };
    expect((await post("metrics/delayed", { items: [truth] })).status).toBe(204);
    const unknown = await post("metrics/delayed", {
      items: [
        { ...truth, predictionUuid: second.uuid },
        { ...truth, predictionUuid: "nobody" },
      ],
    });
    expect([unknown.status, await unknown.text()]).toEqual([404, expect.stringContaining("nobody")]);
    const page = await get<PredictionPage>("models/later/predictions?page_size=1&status=ok");
    expect(page.items.map(({ uuid, truth: its }) => [uuid, its])).toEqual([[second.uuid, undefined]]);
    const rest = await get<PredictionPage>(`models/later/predictions?page_token=${page.next_page_token}`);
    expect(rest.items.map(({ uuid, truth: its }) => [uuid, its])).toEqual([[first.uuid, { final: "Yes" }]]);
    expect(await get<PredictionPage>(`models/later/predictions?uuid=${first.uuid}`)).toEqual(rest);
  });

  test("windows come with rules and alerts; a rule is made, replaced and deleted", async () => {
    await monitoring.recordPrediction(recordOf("watched"));
    const items = [aggregate("watched", 0, 9, { accuracy: 0.9 }), aggregate("watched", 10, 19, { accuracy: 0.5 })];
    expect((await post("metrics/aggregate", { items })).status).toBe(204);
    const rule = { metric: "accuracy", when: "below", threshold: 0.4 };
    expect((await post("models/watched/rules", rule)).status).toBe(201);
    const made = (await (await post("models/watched/rules", { ...rule, threshold: 0.6 })).json()) as MonitorRule;
    const { windows, rules, alerts } = await get<Windows>("models/watched/windows?start=0&end=100");
    expect(windows.map(({ metrics }) => metrics)).toEqual(items.map(({ metrics }) => metrics));
    expect(rules).toEqual([{ ...made, threshold: 0.6 }]);
    expect(alerts).toEqual([{ rule: made, value: 0.5, startTimestampMs: 10, endTimestampMs: 19 }]);
    expect(await get("models/watched/rules")).toEqual({ items: rules });
    const remove = () => fetch(`${url}/api/v2/models/watched/rules/${made.id}`, { method: "DELETE" });
    expect([(await remove()).status, (await remove()).status]).toEqual([204, 404]);
  });

  test("a model whose build brought no reference rows has no drift report", async () => {
    expect(await get("models/later/drift")).toBeNull();
  });

  test("is refused without items, values or sense, and without the scope metrics:write", async () => {
    for (const [path, body] of [
      ["metrics/delayed", { items: [] }],
      ["metrics/delayed", { items: [{ predictionUuid: "x" }] }],
      ["metrics/delayed", { items: [{ predictionUuid: "x", metrics: { "": 1 } }] }],
      ["metrics/aggregate", { items: [aggregate("later", 2, 1, {})] }],
      ["models/watched/rules", { metric: "accuracy", when: "beside", threshold: 1 }],
    ] as const) {
      expect((await post(path, body)).status, JSON.stringify(body)).toBe(400);
    }
    by = { ...owner, scopes: ["metrics:read"] };
    for (const path of ["metrics/delayed", "metrics/aggregate", "models/watched/rules"]) {
      expect((await post(path, { items: [] })).status, path).toBe(403);
    }
    by = owner;
  });
});

describe("GET /models/:name/series", () => {
  test("answers the calls of the range", async () => {
    const records = [recordOf("drawn"), recordOf("drawn")];
    for (const record of records) await monitoring.recordPrediction(record);
    const [start, end] = records.map(({ startTimestampMs }) => startTimestampMs);
    const reply = await fetch(`${url}/api/v2/models/drawn/series?start=${start}&end=${end}&points=10`);
    const series = (await reply.json()) as PredictionSeries;
    expect(series.points.uuid).toEqual(records.map(({ uuid }) => uuid));
    const empty = (await (await fetch(`${url}/api/v2/models/drawn/series?end=1`)).json()) as PredictionSeries;
    expect(empty.total).toBe(0);
  });

  test("refuses what is no number, no range, no model", async () => {
    for (const [path, status] of [
      ["drawn/series?start=yesterday", 400],
      ["drawn/series?points=", 400],
      ["drawn/series?points=1&points=2", 400],
      ["drawn/series?start=5&end=4", 400],
      ["drawn/predictions?status=fine", 400],
      ["drawn/predictions?page_size=0", 400],
      ["drawn/windows?start=b", 400],
      ["gone/series", 404],
      ["gone/predictions", 404],
      ["gone/windows", 404],
      ["gone/rules", 404],
      ["gone/drift", 404],
      ["drawn/drift?end=soon", 400],
      ["gone/events", 404],
    ] as const) {
      expect((await fetch(`${url}/api/v2/models/${path}`)).status, path).toBe(status);
    }
  });
});

describe("GET /models/:name/events", () => {
  test("tells of calls and deployments as they happen, and lets go when the reader leaves", async () => {
    const leave = new AbortController();
    const reply = await fetch(`${url}/api/v2/models/live/events`, { signal: leave.signal });
    expect(reply.headers.get("content-type")).toBe("text/event-stream");
    const lines = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
    const until = async (end: string): Promise<string> => {
      for (let text = ""; ; ) {
        text += (await lines.read()).value ?? "";
        if (text.includes(end)) return text;
      }
    };
    await until("retry: 1000\n\n");
    await monitoring.recordPrediction(recordOf("live"));
    expect(await until("\n\n")).toBe('event: prediction\ndata: {"total":1}\n\n');
    const deployment = { crn: crnOf("model-deployment", "live-deployment"), model: "live" } as Deployment;
    monitoring.deploymentChanged(deployment);
    expect(await until("\n\n")).toBe(`event: deployment\ndata: ${JSON.stringify(deployment)}\n\n`);
    await post("metrics/aggregate", { items: [aggregate("live", 1, 2, { accuracy: 1 })] });
    expect(await until("\n\n")).toBe('event: metrics\ndata: {"delayed":0,"aggregate":1}\n\n');
    leave.abort();
  });
});

describe("GET /metrics", () => {
  test("counts calls by deployment and status, how long they took, and shows the latest accuracy", async () => {
    const deploymentCrn = crnOf("model-deployment", "counted");
    await monitoring.recordPrediction(recordOf("counted", { deploymentCrn }));
    await monitoring.recordPrediction(recordOf("counted", { deploymentCrn }));
    await monitoring.recordPrediction(recordOf("counted", { deploymentCrn, status: 500, errorCode: "model_error" }));
    const stretch = (end: number, accuracy: unknown) => ({
      ...{ modelDeploymentCrn: deploymentCrn, startTimestampMs: 0, endTimestampMs: end },
      metrics: { accuracy } as JsonObject,
    });
    await monitoring.trackAggregateMetrics(owner, [
      stretch(10, 0.5),
      stretch(30, 0.75),
      stretch(20, 0.25),
      stretch(40, "?"),
    ]);
    const reply = await fetch(`${url}/metrics`);
    expect(reply.headers.get("content-type")).toMatch(/^text\/plain; version=/);
    const lines = (await reply.text()).split("\n");
    expect(lines).toEqual(
      expect.arrayContaining([
        `cellwright_predictions_total{deployment="${deploymentCrn}",status="200"} 2`,
        `cellwright_predictions_total{deployment="${deploymentCrn}",status="500"} 1`,
        `cellwright_window_accuracy{deployment="${deploymentCrn}"} 0.75`,
        `cellwright_prediction_seconds_count{deployment="${deploymentCrn}"} 3`,
        `cellwright_prediction_seconds_bucket{le="0.0025",deployment="${deploymentCrn}"} 3`,
      ]),
    );
  });
});
