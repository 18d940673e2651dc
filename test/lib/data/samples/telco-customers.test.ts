import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readCsv } from "../../../../lib/data/read-csv.ts";
import { telcoCsv } from "../../../../lib/data/samples/telco-csv.ts";
import { telcoCustomers } from "../../../../lib/data/samples/telco-customers.ts";
import { telcoSchema } from "../../../../lib/data/samples/telco-schema.ts";
import { schemaOf } from "../../../../lib/frame/field-type.ts";
import { rowObjectsOf } from "../../../../lib/frame/frame.ts";
import { accuracy } from "../../../../lib/metrics/confusion-matrix.ts";
import { rocAuc } from "../../../../lib/metrics/roc-curve.ts";
import { LogisticRegression } from "../../../../lib/models/logistic-regression.ts";
import { Pipeline } from "../../../../lib/models/pipeline.ts";
import { CategoricalEncoder } from "../../../../lib/prepare/categorical-encoder.ts";
import { dropNulls } from "../../../../lib/prepare/drop-nulls.ts";
import { OneHotEncoder } from "../../../../lib/prepare/one-hot-encoder.ts";
import { StandardScaler } from "../../../../lib/prepare/standard-scaler.ts";
import { trainTestSplit } from "../../../../lib/prepare/train-test-split.ts";
import { temporaryFolder } from "../../../support/cli.ts";
import { type Figure, figuresOf } from "./figures.ts";

const customers = telcoCustomers();
const seeds = Array.from({ length: 20 }, (_, i) => i + 1);

describe("telcoCustomers", () => {
  test("has the published table's columns and types, and as many rows", () => {
    expect(schemaOf(customers)).toEqual(telcoSchema);
    expect(Object.keys(telcoSchema)).toHaveLength(21);
    expect(customers.numRows()).toBe(7043);
  });

  test("the same seed gives the same customers, another seed others, fewer rows the first of more", () => {
    const few = rowObjectsOf(telcoCustomers({ rows: 50 }));
    expect(few).toEqual(rowObjectsOf(customers, 50));
    expect(few).not.toEqual(rowObjectsOf(telcoCustomers({ rows: 50, seed: 8 })));
    expect(() => telcoCustomers({ rows: 0 })).toThrow("Cannot use rows: found 0, expected a positive integer");
  });

  test("customers hang together: ids, services, charges", () => {
    const rows = rowObjectsOf(customers) as Record<string, string & number>[];
    expect(new Set(rows.map((row) => row["customerID"])).size).toBe(rows.length);
    const addOns = [
      "OnlineSecurity",
      "OnlineBackup",
      "DeviceProtection",
      "TechSupport",
      "StreamingTV",
      "StreamingMovies",
    ];
    const wrong = rows.filter((row) => {
      const internet = row["InternetService"] !== "No";
      const cents = (dollars: number) => Math.abs(dollars * 20 - Math.round(dollars * 20)) < 1e-6;
      return !(
        /^\d{4}-[A-Z]{5}$/.test(row["customerID"]!) &&
        ["0", "1"].includes(row["SeniorCitizen"]!) &&
        Number.isInteger(row["tenure"]) &&
        row["tenure"]! >= 0 &&
        row["tenure"]! <= 72 &&
        addOns.every((name) => (row[name] === "No internet service") !== internet) &&
        (row["MultipleLines"] === "No phone service") === (row["PhoneService"] === "No") &&
        row["MonthlyCharges"]! >= 18.25 &&
        row["MonthlyCharges"]! <= 118.75 &&
        cents(row["MonthlyCharges"]!) &&
        (row["TotalCharges"] === null) === (row["tenure"] === 0) &&
        (row["tenure"] !== 1 || row["TotalCharges"] === row["MonthlyCharges"]) &&
        (row["TotalCharges"] === null || (row["TotalCharges"]! > 0 && cents(row["TotalCharges"]!)))
      );
    });
    expect(wrong).toEqual([]);
    expect(rows.filter((row) => row["TotalCharges"] === null).length).toBeGreaterThan(0);
  });

  // A published figure is rounded; beyond that, a sample of its size may be 3 standard errors off.
  test("the default customers meet every published figure within 3 standard errors", () => {
    const figures = figuresOf(customers);
    expect(figures).toHaveLength(60);
    expect(figures.filter((figure) => distance(figure) > 3).map(shown)).toEqual([]);
  });

  // Over many seeds sampling error shrinks, what is left is the generator's own bias: of a published figure, which itself is one
  // sample, it may be as far as such samples are usually off.
  test("over 20 seeds the mean of every figure is within one standard error of one sample, and samples are rarely off by 3", () => {
    const samples = seeds.map((seed) => figuresOf(telcoCustomers({ seed })));
    const pooled = samples[0]!.map((first, k): Figure => {
      const all = samples.map((figures) => figures[k]!);
      const average = (of: (figure: Figure) => number) => all.reduce((sum, figure) => sum + of(figure), 0) / all.length;
      return {
        ...first,
        value: average(({ value }) => value),
        standardError: average(({ standardError }) => standardError),
      };
    });
    expect(pooled.filter((figure) => distance(figure) > 1).map(shown)).toEqual([]);
    const far = samples.flat().filter((figure) => distance(figure) > 3);
    expect(far.length / samples.flat().length).toBeLessThan(0.01);
  }, 60_000);

  test("a logistic regression tells leavers from stayers about as well as on the published table", () => {
    const cleaned = dropNulls(customers);
    const features = cleaned.columnNames().filter((name) => name !== "customerID" && name !== "Churn");
    const labels = Array.from(cleaned.array("Churn"), (value) => Number(value === "Yes"));
    const encoder = new CategoricalEncoder({ columns: features });
    const split = trainTestSplit(encoder.fitTransform(cleaned), labels, { stratify: true, seed: 42 });
    const pipeline = new Pipeline({
      oneHot: new OneHotEncoder({ categories: encoder.categories }),
      scale: new StandardScaler(),
      model: new LogisticRegression(),
    }).fit(split.XTrain, split.yTrain);
    const right = accuracy(split.yTest, pipeline.predict(split.XTest));
    const area = rocAuc(split.yTest, pipeline.positive(split.XTest));
    expect(Math.abs(right - 0.805)).toBeLessThan(0.012);
    expect(Math.abs(area - 0.85)).toBeLessThan(0.015);
  });
});

/** Standard errors between the sample and what the rounded target may stand for. */
function distance({ target, rounding, value, standardError }: Figure): number {
  return Math.max(0, Math.abs(value - target) - rounding) / standardError;
}

function shown(figure: Figure): string {
  return `${figure.name}: ${figure.value} for ${figure.target}, ${distance(figure).toFixed(2)} standard errors`;
}

describe("telcoCsv", () => {
  let home: ReturnType<typeof temporaryFolder>;
  const settings = ["CELLWRIGHT_WAREHOUSE", "CHURN_CSV"] as const;
  const before = settings.map((name) => process.env[name]);

  beforeEach(() => {
    home = temporaryFolder();
    process.env["CELLWRIGHT_WAREHOUSE"] = home.path;
    delete process.env["CHURN_CSV"];
  });
  afterEach(() => {
    for (const [i, name] of settings.entries()) {
      if (before[i] === undefined) delete process.env[name];
      else process.env[name] = before[i];
    }
    home[Symbol.dispose]();
  });

  test("writes generated customers in the published format, which read back as they were", async () => {
    const path = await telcoCsv({ rows: 3000 });
    expect(path).toBe(join(home.path, "raw/telco-customer-churn.csv"));
    const text = readFileSync(path, "utf8");
    expect(text.startsWith(`${Object.keys(telcoSchema).join(",")}\r\n`)).toBe(true);
    expect(text.replaceAll("\r\n", "")).not.toMatch(/[\r\n"]/);
    const newcomers = text.split("\r\n").filter((line) => line.split(",")[5] === "0");
    expect(newcomers.length).toBeGreaterThan(0);
    expect(newcomers.every((line) => line.split(",")[19] === " ")).toBe(true);
    expect(rowObjectsOf(await readCsv(path, { schema: telcoSchema }))).toEqual(rowObjectsOf(customers, 3000));
  });

  test("takes a real file by path or by CHURN_CSV, and says when it is not there", async () => {
    const real = join(home.path, "real.csv");
    writeFileSync(real, "customerID\r\n");
    expect(await telcoCsv({ path: real })).toBe(real);
    process.env["CHURN_CSV"] = real;
    expect(await telcoCsv()).toBe(real);
    process.env["CHURN_CSV"] = join(home.path, "gone.csv");
    await expect(telcoCsv()).rejects.toThrow("found no such file, expected a CSV file");
  });
});
