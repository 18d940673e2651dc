import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { formatMlmodel, type MlModel, parseMlmodel } from "../../../lib/packaging/mlmodel.ts";
import fc from "../../support/fast-check.ts";

const model: MlModel = {
  flavors: { cellwright: { kind: "ExplainedModel", model: "model.json" } },
  modelUuid: "0123456789abcdef0123456789abcdef",
  modelSizeBytes: 4711,
  utcTimeCreated: "2026-01-31 12:00:00.000000",
  signature: {
    inputs: [
      { name: "tenure", type: "long", required: false },
      { name: "Contract", type: "string", categories: ["Month-to-month", "yes", "null", "a: b # c"] },
    ],
    outputs: [{ name: "probability", type: "double" }],
  },
  runId: "42",
  artifactPath: "model",
  inputExample: "input_example.json",
  metadata: { source: "default.telco_churn", rows: 7032, clean: true, on: { nested: [1, "2"] } },
};

describe("MLmodel", () => {
  test("is read back as it was written, categories and all", () => {
    const { flavors, ...rest } = parseMlmodel(formatMlmodel(model));
    const { flavors: written, ...expected } = model;
    expect(rest).toEqual(expected);
    expect(flavors["cellwright"]).toMatchObject(written["cellwright"]!);
  });

  test("keeps the signature as MLflow's JSON texts, without keys that its ColSpec refuses", () => {
    const wire = parse(formatMlmodel(model));
    expect(JSON.parse(wire.signature.inputs)).toEqual([
      { type: "long", name: "tenure", required: false },
      { type: "string", name: "Contract", required: true },
    ]);
    expect(wire).toMatchObject({
      model_uuid: model.modelUuid,
      model_size_bytes: 4711,
      run_id: "42",
      utc_time_created: model.utcTimeCreated,
    });
  });

  test("keeps any text, also what YAML would take for something else", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(fc.dictionary(text, text, { maxKeys: 4 }), (metadata) => {
        fc.pre(!Object.hasOwn(metadata, "__proto__") && Object.keys(metadata).length > 0);
        expect(parseMlmodel(formatMlmodel({ ...model, metadata })).metadata).toEqual(metadata);
      }),
    );
  });

  test("reads what Python's client writes", () => {
    const python = `artifact_path: model
flavors:
  python_function:
    env:
      conda: conda.yaml
    loader_module: mlflow.sklearn
  sklearn:
    code: null
    sklearn_version: 1.9.1
mlflow_version: 3.4.0
model_size_bytes: 813
model_uuid: 4c3a
run_id: null
signature:
  inputs: '[{"type": "double", "name": "alcohol", "required": true}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "float64", "shape": [-1]}}]'
  params: null
utc_time_created: '2026-01-31 12:00:00.000000'
`;
    const read = parseMlmodel(python);
    expect(Object.keys(read.flavors)).toEqual(["python_function", "sklearn"]);
    expect(read.signature!.inputs).toEqual([{ name: "alcohol", type: "double" }]);
    expect(read.runId).toBeUndefined();
  });

  test("says what is wrong with other texts", () => {
    expect(() => parseMlmodel("a: [1")).toThrow("Cannot read MLmodel: found broken YAML");
    expect(() => parseMlmodel("just words")).toThrow("Cannot read MLmodel: found no map");
    expect(() => parseMlmodel("run_id: 1")).toThrow("Cannot read MLmodel: found no flavors");
  });
});
