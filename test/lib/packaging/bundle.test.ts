import { build } from "esbuild";
import { expect, test } from "vitest";
import { root } from "../../support/cli.ts";

const served = `
import { ExplainedModel, modelMetrics, trackMetric } from "./lib/index.ts";
const model = ExplainedModel.load("telco_linear");
export const explain = modelMetrics((input: object) => {
  const reply = model.explain(input);
  trackMetric("probability", reply.probability);
  return reply;
}, { signature: model.signature, example: model.defaultData });
`;

test("a served model's bundle carries no package and stays small", async () => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: served, resolveDir: root, loader: "ts" },
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outdir: "unused",
  });
  const [output] = Object.values(metafile.outputs);
  const packages = output!.imports.map(({ path }) => path).filter((path) => !path.startsWith("node:"));
  expect(packages).toEqual([]);
  expect(outputFiles[0]!.contents.byteLength).toBeLessThan(100_000);
});
