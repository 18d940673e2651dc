// Calls of a deployed model a second, every record durable before its reply: notebook 3's pipeline, the signature checked,
// three metrics tracked. The load maker shares the machine with the server.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import autocannon from "autocannon";
import { dist, median, root, startCommand } from "./measure.mjs";

const runs = 3;
const seconds = 5;

const model = `import { ExplainedModel, modelMetrics, trackMetric } from "cellwright";
const churn = ExplainedModel.load("telco_bench");
export const predict = modelMetrics((input: Record<string, string | number>) => {
  const probability = churn.probability(input);
  trackMetric("input_data", input);
  trackMetric("probability", probability);
  trackMetric("leaves", probability > 0.5);
  return { probability };
}, { signature: churn.signature, example: churn.defaultData });`;

export async function bench() {
  const home = mkdtempSync(join(tmpdir(), "cellwright-bench-"));
  const env = { ...process.env, CELLWRIGHT_HOME: home, CELLWRIGHT_PROJECT: root };
  const server = spawn(process.execPath, [...startCommand(), "--no-demo", "--home", home], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await new Promise((ready, failed) => {
      server.stdout.once("data", ready);
      server.once("exit", () => failed(new Error("Cannot bench serving: the server ended")));
    });
    process.env.CELLWRIGHT_HOME = home;
    process.env.CELLWRIGHT_PROJECT = root;
    await saveModel();
    const { deploy } = await import(dist("lib/index.js"));
    const notebook = join(home, "serve.ipynb");
    writeFileSync(notebook, JSON.stringify(notebookOf(model)));
    const deployed = await deploy({ notebook, function: "predict", name: "bench" });
    const rows = [];
    for (const [clients, goal] of [
      [10, "≥ 6,500/s"],
      [100, "≥ 13,000/s"],
    ]) {
      const rates = [];
      const p99 = [];
      for (let run = 0; run < runs; run++) {
        const result = await load(deployed, clients);
        rates.push(result.requests.average);
        p99.push(result.latency.p99);
      }
      rows.push({
        what: `predict calls a second, ${clients} clients`,
        ours: `${Math.round(median(rates)).toLocaleString("en")}/s, p99 ${median(p99)} ms`,
        goal,
      });
    }
    return rows;
  } finally {
    server.kill("SIGTERM");
    await new Promise((ended) => server.once("exit", ended));
    rmSync(home, { recursive: true, force: true });
  }
}

/** As notebook 3 does, on generated customers. */
async function saveModel() {
  const lib = await import(dist("lib/index.js"));
  const customers = lib.dropNulls(lib.telcoCustomers({ rows: 7043, seed: 7 }));
  const columns = customers.columnNames().filter((name) => !["customerID", "Churn"].includes(name));
  const encoder = new lib.CategoricalEncoder({ columns });
  const X = encoder.fitTransform(customers);
  const leaves = lib.binaryLabels(customers, "Churn", { positive: "Yes" });
  const oneHot = new lib.OneHotEncoder({ categories: encoder.categories });
  const classify = new lib.LogisticRegression();
  const pipeline = new lib.Pipeline({ oneHot, scale: new lib.StandardScaler(), classify }).fit(X, leaves);
  lib.ExplainedModel.from({ data: customers, encoder, pipeline, label: "Churn" }).save("telco_bench");
}

async function load({ endpoint, accessKey, deployment }, connections) {
  const result = await autocannon({
    url: endpoint,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ accessKey, request: deployment.example }),
    connections,
    duration: seconds,
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`Cannot bench serving: found ${result.non2xx} refused calls`);
  return result;
}

function notebookOf(source) {
  const cell = { cell_type: "code", execution_count: null, id: "model", metadata: {}, outputs: [], source };
  const kernelspec = { name: "cellwright", display_name: "TypeScript (Cellwright)", language: "typescript" };
  return { cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 };
}
