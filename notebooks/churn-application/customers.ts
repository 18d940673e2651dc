// A seeded sample of the warehouse's customers, with what their features can be.
import {
  dropNulls,
  type FeatureRanges,
  type FeatureRecord,
  getModel,
  type Row,
  readTable,
  rowObjectsOf,
  type ServedModel,
} from "cellwright";
import type { Feature, Scored } from "./shapes.ts";

const tableName = process.env["CHURN_TABLE"] ?? "default.telco_churn";
const modelName = process.env["CHURN_MODEL"] ?? "churn";
const sampleSize = Number(process.env["CHURN_CUSTOMERS"] ?? 60);

export interface Sample {
  readonly seed: number;
  readonly features: readonly Feature[];
  readonly customers: readonly SampledCustomer[];
}

export interface SampledCustomer {
  readonly id: string;
  readonly left: boolean;
  readonly record: FeatureRecord;
}

/** The model that answers now. @throws Error none is deployed */
export async function churnModel(): Promise<ServedModel> {
  const model = await getModel(modelName);
  if (model.deployment) return model;
  throw new Error(`Cannot ask the model ${modelName}: found nothing deployed, expected 5_model_serve to have run`);
}

let rows: Promise<readonly Row[]> | undefined;

export async function sampleCustomers(seed: number): Promise<Sample> {
  rows ??= readRows();
  const all = await rows.catch((error) => {
    rows = undefined; // the table may be there the next time
    throw error;
  });
  const features = featuresOf(all, await churnModel());
  const customers = sampled(all, seed).map((row) => customerOf(row, features));
  return { seed, features, customers };
}

async function readRows(): Promise<readonly Row[]> {
  return rowObjectsOf(dropNulls(await readTable(tableName)));
}

/** The model says which features it takes, the table what their numbers are. */
function featuresOf(all: readonly Row[], { deployment }: ServedModel): Feature[] {
  return (deployment?.signature?.inputs ?? []).map(({ name, categories }) => {
    if (categories) return { name, categories: categories as readonly string[] };
    const values = all.map((row) => Number(row[name]));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const step = values.every(Number.isInteger) ? 1 : 0.05;
    return { name, min: smallest(values), mean, max: largest(values), step };
  });
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
}

/** The rows with the smallest marks of a hash: another seed, another sample, whatever the order of the table. */
function sampled(all: readonly Row[], seed: number): readonly Row[] {
  const marked = all.map((row) => ({ row, mark: markOf(`${seed} ${row["customerID"]}`) }));
  return marked
    .sort((a, b) => a.mark - b.mark)
    .slice(0, sampleSize)
    .map(({ row }) => row);
}

/** FNV-1a. */
function markOf(text: string): number {
  let hash = 2166136261;
  for (const character of text) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  hash = Math.imul(hash ^ (hash >>> 16), 2246822507);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function customerOf(row: Row, features: readonly Feature[]): SampledCustomer {
  const record = Object.fromEntries(
    features.map((feature) => {
      const value = row[feature.name];
      return [feature.name, "categories" in feature ? String(value) : Number(value)];
    }),
  );
  return { id: String(row["customerID"]), left: row["Churn"] === "Yes", record };
}

export function rangesOf(features: readonly Feature[]): FeatureRanges {
  return Object.fromEntries(
    features.map((feature) => {
      if ("categories" in feature) return [feature.name, { categories: feature.categories }];
      const { min, max, step } = feature;
      return [feature.name, { min, max, step }];
    }),
  );
}

export function customersCsv({ features, customers }: Scored): string {
  const names = features.map(({ name }) => name);
  const lines = customers.map(({ id, probability, left, data }) => [
    id,
    probability,
    left ? "Yes" : "No",
    ...names.map((name) => data[name] ?? ""),
  ]);
  return [["customerID", "probability", "Churn", ...names], ...lines]
    .map((cells) => `${cells.map(csvCell).join(",")}\r\n`)
    .join("");
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
