import { AsyncLocalStorage } from "node:async_hooks";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { developmentCrn } from "../../../lib/serving/development.ts";
import { modelMetrics } from "../../../lib/serving/model-metrics.ts";
import { readMetrics } from "../../../lib/serving/read-metrics.ts";
import { trackMetric } from "../../../lib/serving/track-metric.ts";

const serving = Symbol.for("cellwright.serving");
const host = globalThis as { [serving]?: AsyncLocalStorage<unknown> };

describe("modelMetrics in development", () => {
  beforeEach(() => {
    process.env["CELLWRIGHT_HOME"] = "/nonexistent/cellwright-home";
  });
  afterEach(() => {
    delete process.env["CELLWRIGHT_HOME"];
    delete host[serving];
  });

  test("returns what the function returns and keeps a record of the call", async () => {
    const double = modelMetrics(({ x }: { x: number }) => {
      trackMetric("input", x);
      return { y: 2 * x };
    });
    const from = Date.now();
    expect(double({ x: 21 })).toEqual({ y: 42 });
    const { metrics } = await readMetrics({
      startTimestampMs: from,
      modelDeploymentCrn: developmentCrn,
    });
    const row = metrics.at(-1)!;
    expect(row).toMatchObject({
      status: 200,
      metrics: { input: 21 },
      request: { x: 21 },
      response: { y: 42 },
    });
    expect(await readMetrics({ predictionUuid: row.predictionUuid })).toEqual({
      metrics: [row],
    });
  });

  test("keeps the metrics of calls that overlap apart", async () => {
    const gates: (() => void)[] = [];
    const slow = modelMetrics(async ({ name }: { name: string }) => {
      await new Promise<void>((open) => gates.push(open));
      trackMetric("name", name);
      return name;
    });
    const from = Date.now();
    const calls = [slow({ name: "a" }), slow({ name: "b" })];
    for (const open of gates.reverse()) open();
    await Promise.all(calls);
    const { metrics } = await readMetrics({ startTimestampMs: from });
    expect(metrics.slice(-2).map(({ request, metrics: { name } }) => [request, name])).toEqual([
      [{ name: "b" }, "b"],
      [{ name: "a" }, "a"],
    ]);
  });

  test("records a call that throws, and throws on", async () => {
    const broken = modelMetrics((_: object) => {
      throw new Error("no such tariff");
    });
    const from = Date.now();
    expect(() => broken({})).toThrow("no such tariff");
    const { metrics } = await readMetrics({ startTimestampMs: from });
    expect(metrics.at(-1)).toMatchObject({
      status: 500,
      errorCode: "model_error",
      errorMessage: "no such tariff",
    });
  });

  test("says its signature and example under the symbol that the replica reads", () => {
    const signature = { inputs: [{ name: "x", type: "double" }] } as const;
    const model = modelMetrics((input: { x: number }) => input.x, {
      signature,
      example: { x: 1 },
    });
    expect(Reflect.get(model, Symbol.for("cellwright.model"))).toEqual({
      signature,
      example: { x: 1 },
    });
  });

  test("leaves the record to the host where one has opened the prediction", () => {
    const storage = new AsyncLocalStorage<unknown>();
    host[serving] = storage;
    const context = { uuid: "u", deploymentCrn: "crn:x", metrics: {} };
    const model = modelMetrics((_: object) => trackMetric("seen", true));
    storage.run(context, () => model({}));
    expect(context.metrics).toEqual({ seen: true });
  });
});

describe("trackMetric", () => {
  test("keeps the value as it was when tracked", async () => {
    const from = Date.now();
    modelMetrics((_: object) => {
      const row = { tenure: 3 };
      trackMetric("row", row);
      row.tenure = 4;
    })({});
    expect((await readMetrics({ startTimestampMs: from })).metrics.at(-1)!.metrics).toEqual({ row: { tenure: 3 } });
  });

  test("says when no call is under way", () => {
    expect(() => trackMetric("x", 1)).toThrow('Cannot track metric "x": found no call under way');
  });

  test("refuses what JSON cannot hold", () => {
    expect(() => modelMetrics((_: object) => trackMetric("x", Number.NaN))({})).toThrow(
      "found NaN, expected a finite number",
    );
    expect(() => modelMetrics((_: object) => trackMetric("f", () => 1))({})).toThrow(
      "found function, expected a value JSON can hold",
    );
  });
});
