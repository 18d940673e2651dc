// PyPI's mlflow reads our model folders: signature, example, flavors.
import { describe, expect, test } from "vitest";
import { ExplainedModel } from "../../lib/explain/explained-model.ts";
import { temporaryFolder } from "../support/cli.ts";
import { pythonMissing, runPython } from "./python.ts";
import { churnPipeline, telco } from "./telco-model.ts";

interface Read {
  readonly inputs: readonly { name: string; type: string; required: boolean }[];
  readonly outputs: readonly { name: string; type: string }[];
  readonly flavors: { readonly cellwright: { kind: string; categories: Record<string, string[]> } };
  readonly example: Record<string, unknown>;
  readonly uuid: string;
  readonly size: number;
  readonly metadata: unknown;
  readonly rewritten: boolean;
}

const read = `
import json, os, sys, tempfile
from mlflow.models import Model
path = json.load(sys.stdin)
model = Model.load(path)
with tempfile.TemporaryDirectory() as folder:
    model.save(os.path.join(folder, "MLmodel"))
    again = Model.load(folder)
json.dump({
  "inputs": model.signature.inputs.to_dict(), "outputs": model.signature.outputs.to_dict(), "flavors": model.flavors,
  "example": model.load_input_example(path), "uuid": model.model_uuid, "size": model.model_size_bytes, "metadata": model.metadata,
  "rewritten": again == model,
}, sys.stdout)
`;

describe.skipIf(pythonMissing("mlflow", "pandas"))("beside PyPI's mlflow", () => {
  test("Model.load reads the folder of an explained model, and writes it back the same", () => {
    const { clean, encoder, X, y } = telco();
    const pipeline = churnPipeline(encoder).fit(X, y);
    const model = ExplainedModel.from({ data: clean, encoder, pipeline, label: "Churn" });
    using folder = temporaryFolder();
    const path = model.save(`${folder.path}/telco_linear`, {
      metadata: { table: "default.telco_churn", rows: X.rows },
    });
    const found = runPython<Read>(read, path);
    expect(found.inputs).toEqual(model.signature.inputs.map(({ name, type }) => ({ name, type, required: false })));
    expect(found.outputs).toEqual([{ name: "probability", type: "double", required: true }]);
    expect(found.flavors.cellwright).toMatchObject({ kind: "ExplainedModel", categories: model.categories });
    expect(found.example).toEqual(model.defaultData);
    expect(found.metadata).toEqual({ table: "default.telco_churn", rows: X.rows });
    expect(found.uuid).toMatch(/^[0-9a-f]{32}$/);
    expect(found.size).toBeGreaterThan(1000);
    expect(found.rewritten).toBe(true);
  });
});
