// status, call and deploy as processes against a running server.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cellwright, finished, temporaryFolder } from "../../support/cli.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

const source = `import { modelMetrics, trackMetric } from "cellwright";
let scale = 2;
export const predict = modelMetrics(({ tenure }: { tenure: number }) => {
  if (tenure < 0) throw new Error("negative");
  trackMetric("tenure", tenure);
  return { probability: scale / (scale + tenure) };
}, { signature: { inputs: [{ name: "tenure", type: "double" }] }, example: { tenure: 2 } });`;

describe("against a running server", () => {
  const home = temporaryFolder();
  const notebook = join(home.path, "tiny.ipynb");
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess(home.path);
    writeFileSync(notebook, notebookOf([source, `throw new Error("an unneeded cell");`]));
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    home[Symbol.dispose]();
  });

  const run = (...args: string[]) => cellwright([...args, "--home", home.path]);
  const deploy = (...more: string[]) => run("deploy", notebook, "--function", "predict", "--name", "tiny", ...more);

  test("deploy prints endpoint, access key and a curl line that works when pasted", async () => {
    const { code, stdout, stderr } = await deploy();
    expect(code, stderr).toBe(0);
    expect(stdout).toContain(`${server.url}/model`);
    expect(stdout).toMatch(/access key {2}m[0-9a-f]{32}/);
    const pasted = await finished("bash", ["-c", /^curl .*$/m.exec(stdout)![0]]);
    expect(JSON.parse(pasted.stdout)).toMatchObject({ success: true, response: { prediction: { probability: 0.5 } } });
  });

  test("deploy of the same content changes nothing, of other content swaps the build", async () => {
    const again = await deploy("--json").then(({ stdout }) => JSON.parse(stdout) as Deployed);
    expect(again).toMatchObject({ unchanged: true, deployment: { status: "deployed" } });
    writeFileSync(notebook, notebookOf([source, `throw new Error("another unneeded cell");`]));
    expect(await deploy("--json").then(({ stdout }) => JSON.parse(stdout))).toMatchObject({
      unchanged: true,
      deployment: { crn: again.deployment.crn },
    });
    writeFileSync(notebook, notebookOf([source.replace("scale = 2", "scale = 6")]));
    const swapped = await deploy("--json").then(({ stdout }) => JSON.parse(stdout) as Deployed);
    expect(swapped.unchanged).toBe(false);
    expect(swapped.accessKey).toBe(again.accessKey);
    const reply = await run("call", "tiny", '{"tenure": 2}');
    expect(JSON.parse(reply.stdout)).toMatchObject({
      response: { prediction: { probability: 0.75 }, model_deployment_crn: swapped.deployment.crn },
    });
  });

  test("status shows the server, its models with access keys, and their deployments", async () => {
    const { stdout } = await run("status", "--json");
    expect(JSON.parse(stdout)).toEqual({
      url: server.url,
      pid: server.pid,
      version: expect.any(String),
      models: [
        {
          name: "tiny",
          accessKey: expect.stringMatching(/^m[0-9a-f]{32}$/),
          deployments: [{ crn: expect.any(String), status: "deployed", replicas: 1 }],
        },
      ],
      jobRuns: [],
    });
    expect((await run("status")).stdout).toMatch(/^running {2}http.*\nmodel {4}tiny {2}deployed ×1/);
  });

  test("call finds the server by flags and by the environment too", async () => {
    const flags = ["--server", `${server.url}/`, "--token", server.token];
    expect((await cellwright(["call", "tiny", '{"tenure": 0}', ...flags])).code).toBe(0);
    const env = { CELLWRIGHT_URL: server.url, CELLWRIGHT_TOKEN: server.token };
    expect((await cellwright(["status"], { env })).code).toBe(0);
  });

  test.each([
    ["a request that does not fit", ["call", "tiny", '{"tenuer": 3}'], 2, "tenuer"],
    ["a request that is no JSON", ["call", "tiny", "{tenure: 3}"], 2, "{tenure: 3}"],
    ["a model that throws", ["call", "tiny", '{"tenure": -1}'], 1, "negative"],
    ["an unknown model", ["call", "nobody", "{}"], 1, "nobody"],
    ["a wrong token", ["status", "--token", "wrong-token"], 1, "no valid key"],
    ["a missing notebook", ["deploy", "nowhere.ipynb", "--function", "f", "--name", "n"], 2, "nowhere.ipynb"],
  ])("%s is told in one line", async (_what, args, code, names) => {
    const ended = await run(...args);
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    expect(ended.stderr.trim().split("\n")).toEqual([expect.stringContaining(names)]);
  });

  test("a missing export lists those there are", async () => {
    const ended = await run("deploy", notebook, "--function", "explain", "--name", "tiny");
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain("predict");
  });
});

test("a kernel gets a key of its own, never the start token, and the key ends with it", async () => {
  using home = temporaryFolder();
  const server = await startServerProcess(home.path);
  const path = join(home.path, "key.ipynb");
  writeFileSync(path, notebookOf(["console.log(process.env.CELLWRIGHT_URL, process.env.CELLWRIGHT_TOKEN)"]));
  const out = join(home.path, "done.ipynb");
  const ran = await cellwright(["run", path, "--home", home.path, "-o", out], {
    env: { CELLWRIGHT_TOKEN: server.token },
  });
  expect(ran.code, ran.stderr).toBe(0);
  const text = readFileSync(out, "utf8");
  const [, url, key] = /(http:\S+) (cw-[0-9a-f]+)/.exec(text)!;
  expect(url).toBe(server.url);
  expect(text).not.toContain(server.token);
  const models = () => fetch(`${server.url}/api/v2/models`, { headers: { authorization: `Bearer ${key}` } });
  expect((await models()).status).toBe(401);
  await server.end("SIGTERM");
});

test("without a server, commands say so and end with 3", async () => {
  using home = temporaryFolder();
  for (const args of [["status"], ["call", "churn", "{}"]]) {
    const { code, stderr } = await cellwright([...args, "--home", home.path]);
    expect([code, stderr]).toEqual([3, expect.stringContaining("cellwright start")]);
  }
  writeFileSync(
    join(home.path, "server.json"),
    JSON.stringify({ url: "http://127.0.0.1:9", token: "t", pid: 1, version: "0" }),
  );
  expect((await cellwright(["status", "--home", home.path])).code).toBe(3);
});

interface Deployed {
  readonly unchanged: boolean;
  readonly accessKey: string;
  readonly deployment: { readonly crn: string };
}

function notebookOf(sources: readonly string[]): string {
  const cells = sources.map((text, i) => ({
    cell_type: "code",
    id: `cell-${i}`,
    execution_count: null,
    metadata: {},
    outputs: [],
    source: text,
  }));
  const kernelspec = { name: "cellwright", display_name: "TypeScript (Cellwright)", language: "typescript" };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}
