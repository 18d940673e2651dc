import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { matrixOf } from "../../../lib/core/matrix.ts";
import { LogisticRegression } from "../../../lib/models/logistic-regression.ts";
import { restoreArrays, storeArrays } from "../../../lib/packaging/array-store.ts";
import { asset } from "../../../lib/packaging/asset.ts";
import { loadClassifier } from "../../../lib/packaging/load-classifier.ts";
import { parseMlmodel } from "../../../lib/packaging/mlmodel.ts";
import { readModelFolder } from "../../../lib/packaging/read-model-folder.ts";
import { writeModelFolder } from "../../../lib/packaging/write-model-folder.ts";
import { StandardScaler } from "../../../lib/prepare/standard-scaler.ts";
import fc from "../../support/fast-check.ts";

let project: string;
const assets = globalThis as { [key: symbol]: unknown };
const assetsSymbol = Symbol.for("cellwright.assets");

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "cellwright-packaging-"));
  process.env["CELLWRIGHT_PROJECT"] = project;
});
afterEach(() => {
  delete process.env["CELLWRIGHT_PROJECT"];
  delete assets[assetsSymbol];
  rmSync(project, { recursive: true });
});

/** A stand-in for anything savable; `weights` is long enough to go into the bytes. */
const savable = (weights: readonly number[], note = "") => ({ toJSON: () => ({ kind: "Sample", weights, note }) });
const long = (value: number) => new Array<number>(64).fill(value);

describe("a model folder", () => {
  test("lives in the home folder under a bare name, and where a path says", () => {
    expect(writeModelFolder("churn", savable([1]))).toBe(join(project, ".cellwright/artifacts/models/churn"));
    expect(writeModelFolder("models/churn", savable([2]))).toBe(join(project, "models/churn"));
    expect(writeModelFolder(join(project, "absolute"), savable([3]))).toBe(join(project, "absolute"));
    expect(
      ["churn", "models/churn", join(project, "absolute")].map(
        (name) => (readModelFolder(name).state as never)["weights"],
      ),
    ).toEqual([[1], [2], [3]]);
  });

  test("holds MLmodel, JSON, weights and the example", () => {
    const signature = { inputs: [{ name: "x", type: "string", categories: ["a", "b"] }] } as const;
    const folder = writeModelFolder("m", savable(long(0.1)), { signature, example: { x: "a" }, metadata: { rows: 3 } });
    expect(readdirSync(folder).sort()).toEqual(["MLmodel", "input_example.json", "model.json", "weights.f64"]);
    expect(readModelFolder("m")).toMatchObject({
      kind: "Sample",
      signature,
      example: { x: "a" },
      metadata: { rows: 3 },
      path: folder,
    });
    const mlmodel = parseMlmodel(readFileSync(join(folder, "MLmodel"), "utf8"));
    expect(mlmodel.signature).toEqual(signature);
    const { length: text } = readFileSync(join(folder, "model.json"));
    expect(mlmodel.modelSizeBytes).toBe(text + 64 * 8);
    expect(mlmodel.modelUuid).toMatch(/^[0-9a-f]{32}$/);
    expect(mlmodel.utcTimeCreated).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}$/);
  });

  test("gives back every float exactly", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
    const tree = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        number,
        fc.string(),
        fc.constant(null),
        fc.array(number, { maxLength: 40 }),
        fc.array(tie("value"), { maxLength: 3 }),
        fc.dictionary(
          fc.string().filter((key) => key !== "__proto__" && key !== "$f64"),
          tie("value"),
          { maxKeys: 3 },
        ),
      ),
    })).value;
    fc.assert(
      fc.property(tree, (value) => {
        const back = restoreArrays(storeArrays(value));
        expect(
          JSON.parse(JSON.stringify(back, (_, part) => (part instanceof Float64Array ? [...part] : part))),
        ).toEqual(value);
      }),
    );
  });

  test("is replaced whole, and leaves nothing beside it", () => {
    writeModelFolder("models/m", savable(long(1), "first"), { example: { x: 1 } });
    writeModelFolder("models/m", savable(long(2), "second"));
    expect(readModelFolder("models/m").state).toMatchObject({ note: "second", weights: Float64Array.from(long(2)) });
    expect(readModelFolder("models/m").example).toBeUndefined();
    expect(readdirSync(join(project, "models"))).toEqual(["m"]);
  });

  test("stays as it was when saving fails", () => {
    writeModelFolder("models/m", savable([1]));
    const failing = {
      toJSON(): { kind: string } {
        throw new Error("no weights yet");
      },
    };
    expect(() => writeModelFolder("models/m", failing)).toThrow("no weights yet");
    expect(readModelFolder("models/m").state).toMatchObject({ weights: [1] });
    expect(readdirSync(join(project, "models"))).toEqual(["m"]);
  });

  test("answers under its other name while it is being replaced, and the next save heals a crash there", () => {
    const folder = writeModelFolder("models/m", savable([1]));
    renameSync(folder, join(project, "models/.m.previous-0a"));
    expect(readModelFolder("models/m").state).toMatchObject({ weights: [1] });
    writeModelFolder("models/m", savable([2]));
    expect(readModelFolder("models/m").state).toMatchObject({ weights: [2] });
    expect(existsSync(join(project, "models/.m.previous-0a"))).toBe(false);
  });

  test("is read from the build's own copy in a replica", () => {
    const folder = writeModelFolder("m", savable([1]));
    cpSync(folder, join(project, "build/copy"), { recursive: true });
    rmSync(folder, { recursive: true });
    const asked: string[] = [];
    assets[assetsSymbol] = {
      resolve: (path: string) => {
        asked.push(path);
        return join(project, "build/copy");
      },
    };
    expect(readModelFolder("m").state).toMatchObject({ weights: [1] });
    expect(asset("prices.json")).toBe(join(project, "build/copy"));
    expect(asked).toEqual(["m", "prices.json"]);
  });

  test("passes on what the build says about a copy it does not have", () => {
    assets[assetsSymbol] = {
      resolve: () => {
        throw new Error("not among the inputs");
      },
    };
    expect(() => readModelFolder("m")).toThrow("not among the inputs");
  });
});

describe("a folder that cannot be loaded", () => {
  const put = (files: Record<string, string>) => {
    mkdirSync(join(project, "models/m"), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(project, "models/m", name), text);
  };
  const load = () => readModelFolder("models/m");

  test("is not there, is a file, or is no model folder", () => {
    expect(load).toThrow(
      `Cannot load model "models/m": found nothing at ${join(project, "models/m")}, expected a saved model`,
    );
    put({});
    expect(load).toThrow("found no MLmodel in");
    writeFileSync(join(project, "models/file"), "");
    expect(() => readModelFolder("models/file")).toThrow("found a file at");
  });

  test("was made by Python", () => {
    put({ MLmodel: "flavors:\n  python_function:\n    env: conda.yaml\n  sklearn:\n    code: null\nrun_id: 1\n" });
    expect(load).toThrow(/found flavors python_function, sklearn in .*, which only Python loads; expected cellwright/);
  });

  test("has lost its JSON", () => {
    const folder = writeModelFolder("models/m", savable([1]));
    rmSync(join(folder, "model.json"));
    expect(load).toThrow("found no model.json in");
  });

  test("has broken JSON, another format, or weights that changed", () => {
    const folder = writeModelFolder("models/m", savable(long(1)));
    const text = readFileSync(join(folder, "model.json"), "utf8");
    writeFileSync(join(folder, "model.json"), text.slice(0, 50));
    expect(load).toThrow("found no readable JSON in");
    writeFileSync(join(folder, "model.json"), text.replace('"format": 1', '"format": 2'));
    expect(load).toThrow("found format 2 in");
    writeFileSync(join(folder, "model.json"), text);
    writeFileSync(join(folder, "weights.f64"), new Uint8Array(8));
    expect(load).toThrow("found weights.f64 changed since it was saved");
    rmSync(join(folder, "weights.f64"));
    expect(load).toThrow("found no weights.f64 in");
    writeFileSync(join(folder, "model.json"), "null");
    expect(load).toThrow("found format undefined in");
  });
});

describe("loadClassifier", () => {
  test("gives back an estimator ready to predict", () => {
    const X = matrixOf([[0], [1], [2], [3]]);
    const model = new LogisticRegression().fit(X, [0, 0, 1, 1]);
    writeModelFolder("line", model);
    expect(loadClassifier("line").positive(X)).toEqual(model.positive(X));
  });

  test("refuses what does not predict", () => {
    writeModelFolder("scaler", new StandardScaler());
    expect(() => loadClassifier("scaler")).toThrow("found a StandardScaler, which does not predict");
  });
});

describe("asset", () => {
  test("finds a file from the project's folder and says where it looked", () => {
    writeFileSync(join(project, "prices.json"), "{}");
    expect(asset("prices.json")).toBe(join(project, "prices.json"));
    expect(() => asset("data/none.json")).toThrow(
      `Cannot find "data/none.json": expected a file or folder at ${join(project, "data/none.json")}`,
    );
  });
});
