// The library's own promises: what an import costs, a logistic fit beside scikit-learn, one LIME explanation.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { dist, median, root, timed } from "./measure.mjs";

const entry = pathToFileURL(dist("lib/index.js")).href;
const features = 45;

export async function bench() {
  const lib = await import(entry);
  return [importing(), ...(await logistic(lib)), await lime(lib)];
}

function importing() {
  const code = `const t = performance.now(); await import("${entry}"); console.log(performance.now() - t)`;
  const times = Array.from({ length: 7 }, () =>
    Number(execFileSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" })),
  );
  return { what: 'import "cellwright"', ours: ms(median(times)), goal: "≤ 150 ms" };
}

/** 7,000 customers, one column a category, standardised, the first 45 columns; L2 with C = 1; both stop at the same gradient. */
async function logistic({
  telcoCustomers,
  dropNulls,
  CategoricalEncoder,
  OneHotEncoder,
  StandardScaler,
  LogisticRegression,
  binaryLabels,
}) {
  const customers = dropNulls(telcoCustomers({ rows: 7043, seed: 7 }));
  const columns = customers.columnNames().filter((name) => !["customerID", "Churn"].includes(name));
  const encoder = new CategoricalEncoder({ columns });
  const encoded = encoder.fitTransform(customers);
  const hot = new StandardScaler().fitTransform(
    new OneHotEncoder({ categories: encoder.categories }).fitTransform(encoded),
  );
  const rows = Math.min(7000, hot.rows);
  const data = new Float64Array(rows * features);
  for (let i = 0; i < rows; i++) data.set(hot.data.subarray(i * hot.columns, i * hot.columns + features), i * features);
  const X = { rows, columns: features, data };
  const y = binaryLabels(customers, "Churn", { positive: "Yes" }).slice(0, rows);
  const rowsOfTable = [];
  for (const tol of [1e-4, 1e-8]) {
    const ours = median(await timed(() => new LogisticRegression({ C: 1, tol, maxIter: 1000 }).fit(X, y), 15));
    const peer = scikitLearn(X, y, tol);
    rowsOfTable.push({
      what: `logistic fit ${rows}×${features}, gradient ≤ ${tol}`,
      ours: ms(ours),
      peer: peer ? `scikit-learn lbfgs ${ms(peer)}` : "no Python found",
      ratio: peer ? `${(ours / peer).toFixed(2)}` : "–",
      goal: "≤ 2× scikit-learn",
    });
  }
  return rowsOfTable;
}

function scikitLearn({ rows, columns, data }, y, tol) {
  const python = process.env.CELLWRIGHT_PYTHON ?? join(root, ".venv/bin/python");
  if (!existsSync(python)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-"));
  writeFileSync(join(folder, "X"), Buffer.from(data.buffer));
  writeFileSync(join(folder, "y"), Buffer.from(Float64Array.from(y).buffer));
  const code = `
import time, numpy as np, warnings
from sklearn.linear_model import LogisticRegression
warnings.filterwarnings("ignore")
X = np.fromfile("${folder}/X").reshape(${rows}, ${columns}); y = np.fromfile("${folder}/y")
times = []
for _ in range(16):
    t = time.perf_counter(); LogisticRegression(C=1.0, tol=${tol}, max_iter=1000).fit(X, y); times.append(time.perf_counter() - t)
print(1000 * sorted(times[1:])[7])`;
  try {
    return Number(execFileSync(python, ["-c", code], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** 5,000 drawn rows of 20 numbers, a logistic model asked about each. */
async function lime({ LimeTabular, matrixOf }) {
  const { seededRandom } = await import(pathToFileURL(dist("lib/core/random.js")).href);
  const random = seededRandom(3);
  const columns = 20;
  const X = matrixOf(Array.from({ length: 2000 }, () => Array.from({ length: columns }, () => random() * 2 - 1)));
  const weights = Array.from({ length: columns }, () => random() * 2 - 1);
  const positive = ({ rows, data }) => {
    const out = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      let z = 0;
      for (let j = 0; j < columns; j++) z += data[i * columns + j] * weights[j];
      out[i] = 1 / (1 + Math.exp(-z));
    }
    return out;
  };
  const explainer = LimeTabular.fit(X, { categories: {} });
  const row = X.data.slice(0, columns);
  let seed = 0;
  const times = await timed(() => explainer.explain(row, positive, { seed: seed++, samples: 5000 }), 25);
  return { what: `LIME 5,000×${columns}`, ours: ms(median(times)), goal: "≤ 10 ms" };
}

const ms = (value) => `${value.toFixed(1)} ms`;
