// Records as a stream and as a table: of a real server, and of this process's own calls.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { MetricsRow } from "../../../lib/contract/prediction.ts";
import { ServerError } from "../../../lib/core/request-json.ts";
import { developmentCrn } from "../../../lib/serving/development.ts";
import { metricsFrame } from "../../../lib/serving/metrics-frame.ts";
import { modelMetrics } from "../../../lib/serving/model-metrics.ts";
import { readMetrics } from "../../../lib/serving/read-metrics.ts";
import { streamMetrics } from "../../../lib/serving/stream-metrics.ts";
import { trackAggregateMetrics } from "../../../lib/serving/track-aggregate-metrics.ts";
import { trackDelayedMetrics } from "../../../lib/serving/track-delayed-metrics.ts";
import { trackMetric } from "../../../lib/serving/track-metric.ts";
import { type TestServer, testServer } from "../../server/app/running-server.ts";

const source = `export const predict = modelMetrics((input) => {
  trackMetric("input_data", input);
  if (input.tenure !== 3) trackMetric("probability", input.tenure / 10);
  trackMetric("reasons", ["price", { grüße: "🦊" }]);
  return {};
}, {});`;

async function gathered(rows: AsyncIterable<MetricsRow>): Promise<MetricsRow[]> {
  const all: MetricsRow[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

describe("with a server", () => {
  let server: TestServer;
  let modelCrn: string;
  beforeAll(async () => {
    server = await testServer();
    const model = await server.serve("streamed", source);
    modelCrn = model.crn;
    for (let tenure = 0; tenure < 8; tenure++) await server.call(model, { tenure, contract: "One year" });
    process.env["CELLWRIGHT_URL"] = server.running.url;
    process.env["CELLWRIGHT_TOKEN"] = server.running.token;
  });
  afterAll(async () => {
    delete process.env["CELLWRIGHT_URL"];
    delete process.env["CELLWRIGHT_TOKEN"];
    await server[Symbol.asyncDispose]();
  });

  test("the stream has the rows of readMetrics, and may be left early", async () => {
    const { metrics } = await readMetrics({ modelCrn });
    expect(metrics).toHaveLength(8);
    expect(await gathered(streamMetrics({ modelCrn }))).toEqual(metrics);
    for await (const row of streamMetrics({ modelCrn })) {
      expect(row).toEqual(metrics[0]);
      break;
    }
    expect(await gathered(streamMetrics({ modelCrn: "crn:nobody" }))).toEqual([]);
  });

  test("the table has a column for everything tracked; truths and windows come along", async () => {
    const [first] = (await readMetrics({ modelCrn })).metrics;
    await trackDelayedMetrics({ final_label: "Yes" }, first!.predictionUuid);
    const end = first!.startTimeStampMs;
    await trackAggregateMetrics({ accuracy: 0.75 }, end - 10, end - 1, first!.modelDeploymentCrn);
    const frame = metricsFrame(await gathered(streamMetrics({ modelCrn })));
    expect(frame.numRows()).toBe(9);
    expect(frame.columnNames()).toEqual([
      "uuid",
      "start",
      "end",
      "status",
      "metrics.accuracy",
      "metrics.input_data.tenure",
      "metrics.input_data.contract",
      "metrics.probability",
      "metrics.reasons",
      "metrics.final_label",
    ]);
    expect(Array.from(frame.array("metrics.probability"))).toEqual([null, 0, 0.1, 0.2, null, 0.4, 0.5, 0.6, 0.7]);
    expect(Array.from(frame.array("metrics.input_data.tenure"))).toEqual([null, 0, 1, 2, 3, 4, 5, 6, 7]);
    expect(frame.get("metrics.accuracy", 0)).toBe(0.75);
    expect([frame.get("uuid", 0), frame.get("uuid", 1)]).toEqual(["", first!.predictionUuid]);
    expect(frame.get("metrics.final_label", 1)).toBe("Yes");
    expect(frame.get("metrics.reasons", 8)).toBe('["price",{"grüße":"🦊"}]');
  });

  test("a refused query says why; a reply that breaks off, and no server, are errors too", async () => {
    await expect(gathered(streamMetrics({ pageToken: "mine" }))).rejects.toThrow("page_token");
    const broken = createServer((_req, res) => {
      res.writeHead(200, { "content-type": "application/x-ndjson" });
      res.write('{"predictionUuid":"a"}\n{"predic', () => res.destroy());
    });
    await new Promise<void>((ready) => broken.listen(0, "127.0.0.1", ready));
    process.env["CELLWRIGHT_URL"] = `http://127.0.0.1:${(broken.address() as AddressInfo).port}`;
    const seen: MetricsRow[] = [];
    const reading = (async () => {
      for await (const row of streamMetrics()) seen.push(row);
    })();
    await expect(reading).rejects.toBeInstanceOf(ServerError);
    expect(seen).toEqual([{ predictionUuid: "a" }]);
    broken.close();
    await expect(gathered(streamMetrics())).rejects.toThrow("Cannot reach");
    process.env["CELLWRIGHT_URL"] = server.running.url;
  });
});

describe("without a server", () => {
  test("the stream has this process's own calls", async () => {
    const predict = modelMetrics((input: { n: number }) => {
      trackMetric("n", input.n);
      return input.n;
    });
    predict({ n: 1 });
    predict({ n: 2 });
    const rows = await gathered(streamMetrics({ modelDeploymentCrn: developmentCrn }));
    expect(rows.map(({ metrics }) => metrics["n"])).toEqual([1, 2]);
    expect(Array.from(metricsFrame(rows).array("metrics.n"))).toEqual([1, 2]);
    expect(metricsFrame([]).columnNames()).toEqual(["uuid", "start", "end", "status"]);
  });
});
