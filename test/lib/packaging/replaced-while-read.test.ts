import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { build } from "esbuild";
import { afterEach, expect, test } from "vitest";
import { readModelFolder } from "../../../lib/packaging/read-model-folder.ts";
import { writeModelFolder } from "../../../lib/packaging/write-model-folder.ts";
import { root, temporaryFolder } from "../../support/cli.ts";

afterEach(() => {
  delete process.env["CELLWRIGHT_PROJECT"];
});

const writer = `
import { writeModelFolder } from "./lib/packaging/write-model-folder.ts";
for (let k = 1; k <= 40; k++) writeModelFolder("models/m", { toJSON: () => ({ kind: "Sample", k, weights: new Array(500).fill(k) }) });
`;

test("a reader meets the old model or the new one while two processes replace it", async () => {
  using project = temporaryFolder();
  process.env["CELLWRIGHT_PROJECT"] = project.path;
  const sample = (k: number) => ({ toJSON: () => ({ kind: "Sample", k, weights: new Array<number>(500).fill(k) }) });
  writeModelFolder("models/m", sample(0));
  const script = join(project.path, "writer.mjs");
  const stdin = { contents: writer, resolveDir: root, loader: "ts" } as const;
  await build({ stdin, bundle: true, platform: "node", format: "esm", outfile: script });
  const writers = [1, 2].map(() =>
    spawn(process.execPath, [script], {
      env: { ...process.env, CELLWRIGHT_PROJECT: project.path },
      stdio: "inherit",
    }),
  );
  let running = writers.length;
  const codes = writers.map((child) => once(child, "exit").finally(() => running--));
  let reads = 0;
  for (; running > 0; reads++) {
    const { k, weights } = readModelFolder("models/m").state as unknown as { k: number; weights: Float64Array };
    expect(weights).toEqual(new Float64Array(500).fill(k));
    await setImmediate();
  }
  expect((await Promise.all(codes)).map(([code]) => code)).toEqual([0, 0]);
  expect(reads).toBeGreaterThan(10);
  expect(readModelFolder("models/m").state).toMatchObject({ k: 40 });
});
