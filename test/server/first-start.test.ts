// A newcomer's first minute: an empty home, one command, a model that answers, and a second start that finds it all again.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bin, cellwright, cleanEnvironment, finished, root, temporaryFolder } from "../support/cli.ts";

const home = temporaryFolder("cellwright-first-");
const env = { CELLWRIGHT_HOME: home.path };

describe("the first start", () => {
  let server: Started;
  beforeAll(async () => {
    server = await start();
  }, 240_000);
  afterAll(async () => {
    await server.stop();
    home[Symbol.dispose]();
  });

  test("prints the page's URL, the token and a curl line", () => {
    expect(server.text).toMatch(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/);
    expect(curlLine(server.text)).toContain('"accessKey"');
  });

  test("its notebooks are jobs of one chain, in their order, and all have succeeded", async () => {
    const status = await cellwright(["status", "--json"], { env });
    const { jobRuns } = JSON.parse(status.stdout) as { jobRuns: { job: string; status: string }[] };
    const pipeline = jobRuns.filter(({ job }) => job !== "6-application");
    expect(pipeline.map(({ job }) => job)).toEqual(expect.arrayContaining(["1-data-ingest", "5-model-serve"]));
    expect(new Set(pipeline.map(({ status: state }) => state))).toEqual(new Set(["succeeded"]));
    expect(server.text).toMatch(/running +notebooks\/1_data_ingest[\s\S]*succeeded +notebooks\/5_model_serve/);
  });

  test("the curl line answers with the probability that notebook 5 printed for that input", async () => {
    const pasted = await finished("bash", ["-c", curlLine(server.text)]);
    expect(pasted.code, pasted.stderr).toBe(0);
    const reply = JSON.parse(pasted.stdout) as { success: boolean; response: { prediction: { probability: number } } };
    expect(reply.success).toBe(true);
    expect(reply.response.prediction.probability).toBe(printedProbability());
  });

  test("the model has answered twenty customers and more", async () => {
    const { token, url } = JSON.parse(readFileSync(join(home.path, "server.json"), "utf8")) as Record<string, string>;
    const reply = await fetch(`${url}/api/v2/metrics/read`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ pageSize: 1000 }),
    });
    const read = (await reply.json()) as { metrics: { status: number; predictionUuid: string }[] };
    const metrics = read.metrics.filter(({ predictionUuid }) => predictionUuid !== ""); // windows have none
    expect(metrics.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(20);
    expect(new Set(metrics.map(({ predictionUuid }) => predictionUuid)).size).toBe(metrics.length);
  });

  test("status and call find the server by themselves", async () => {
    const status = await cellwright(["status", "--json"], { env });
    expect(JSON.parse(status.stdout)).toMatchObject({
      models: [{ name: "churn", deployments: [{ status: "deployed", replicas: 1 }] }],
    });
    const call = await cellwright(["call", "churn", '{"tenure": 3}'], { env });
    expect(call.code, call.stderr).toBe(0);
    expect(JSON.parse(call.stdout)).toMatchObject({ success: true });
    const refused = await cellwright(["call", "churn", '{"tenuer": 3}'], { env });
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain("tenuer");
  });

  test("a second start has everything as it was, without running a notebook", async () => {
    const before = await cellwright(["status", "--json"], { env }).then(
      ({ stdout }) => JSON.parse(stdout) as { models: unknown },
    );
    await server.stop();
    server = await start();
    expect(server.text).not.toContain("1_data_ingest");
    expect(server.text).not.toContain("first start");
    const after = await cellwright(["status", "--json"], { env }).then(
      ({ stdout }) => JSON.parse(stdout) as { models: unknown },
    );
    expect(after.models).toEqual(before.models);
    const pasted = await finished("bash", ["-c", curlLine(server.text)]);
    expect(JSON.parse(pasted.stdout)).toMatchObject({
      response: { prediction: { probability: printedProbability() } },
    });
  });
});

interface Started {
  readonly text: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts and waits until the last line, the curl, is printed. */
function start(): Promise<Started> {
  const child = spawn(process.execPath, [bin, "start"], {
    cwd: root,
    env: { ...cleanEnvironment(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const stop = () =>
    new Promise<void>((ended) => {
      if (child.exitCode !== null) ended();
      child.once("exit", () => ended());
      child.kill("SIGINT");
    });
  return new Promise((resolve, reject) => {
    const read = (chunk: string) => {
      text += chunk;
      if (/^\s*curl .*\n/m.test(text)) resolve({ text, process: child, stop });
    };
    child.stdout.setEncoding("utf8").on("data", read);
    child.stderr.setEncoding("utf8").on("data", read);
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}:\n${text}`)));
  });
}

function curlLine(text: string): string {
  return /^\s*(curl .*)$/m.exec(text)![1]!;
}

/** What the cell `reply` of the executed notebook 5 shows. */
function printedProbability(): number {
  const folders = readdirSync(join(home.path, "jobs")).map((run) =>
    join(home.path, "jobs", run, "5_model_serve.ipynb"),
  );
  const { cells } = JSON.parse(readFileSync(folders.find((path) => existsSync(path))!, "utf8")) as {
    cells: { id: string; outputs?: { data?: { "text/plain"?: string | string[] } }[] }[];
  };
  const shown = cells
    .find(({ id }) => id === "reply")!
    .outputs!.map(({ data }) => [data?.["text/plain"]].flat().join(""));
  return Number(/probability\D+([\d.e-]+)/.exec(shown.join("\n"))![1]);
}
