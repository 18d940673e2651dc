// Build folders written by hand, so that deployments are tested without the builder: each is one model.mjs and its build.json.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BuildManifest } from "../../../lib/contract/build-manifest.ts";
import { openDatabase } from "../../../server/storage/database.ts";

/** Helpers every hand-made model may use; they stand where lib/serving stands in a real bundle. */
const prelude = `
const context = () => globalThis[Symbol.for("cellwright.serving")].getStore();
const trackMetric = (key, value) => { context().metrics[key] = value; };
const modelMetrics = (fn, description) => Object.assign(fn, { [Symbol.for("cellwright.model")]: description });
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
`;

export interface HandMadeBuild {
  readonly id: string;
  readonly folder: string;
}

/**
 * @param source of `predict`, after helpers: trackMetric, modelMetrics, wait
 * @param manifest what differs from an empty manifest
 */
export function writeBuild(home: string, source: string, manifest: Partial<BuildManifest> = {}): HandMadeBuild {
  const id = createHash("sha256").update(source).digest("hex");
  const folder = join(home, "builds", id);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "model.mjs"), prelude + source);
  const whole: BuildManifest = {
    version: 1,
    id,
    function: "predict",
    notebookPath: "notebooks/by_hand.ipynb",
    cells: [],
    lines: [],
    inputs: [],
    assets: {},
    imports: {},
    bundleBytes: source.length,
    ...manifest,
  };
  writeFileSync(join(folder, "build.json"), JSON.stringify(whole));
  return { id, folder };
}

/** Tells the database of builds, as the builder would; the models must exist. */
export async function seedBuilds(
  databaseUrl: string,
  models: readonly { readonly id: string }[],
  builds: readonly HandMadeBuild[],
): Promise<void> {
  const seeds = new URL("./seed-transactions.mjs", import.meta.url);
  const database = await openDatabase({ url: databaseUrl, transactionModules: [seeds] });
  try {
    for (const model of models) {
      for (const { id } of builds) await database.transact("seed-build", buildRow(model.id, id));
    }
  } finally {
    await database.close();
  }
}

function buildRow(modelId: string, id: string): Record<string, unknown> {
  return {
    model_id: modelId,
    id,
    crn: `crn:cellwright:ml:::workspace:default/model-build/${id}`,
    notebook_path: "notebooks/by_hand.ipynb",
    function: "predict",
    comment: "",
    status: "built",
    log: "",
    size_bytes: 1,
    manifest: "{}",
    created_at: 0,
    updated_at: 0,
    project: "default",
    created_by: "owner",
  };
}
