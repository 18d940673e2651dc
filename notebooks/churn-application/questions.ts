// What the application asks the deployed model: how likely one customer is to leave and why, what would have to change, how the
// answer moves with one feature, and what a threshold costs. Every question goes through the endpoint.
import { callModel, costCurve, counterfactual, type JsonObject, partialDependence, ServerError } from "cellwright";
import { churnModel, rangesOf, type Sample } from "./customers.ts";
import type {
  Answer,
  CostPoints,
  Curve,
  CustomerRecord,
  FeatureValue,
  Plan,
  Scored,
  ScoredCustomer,
} from "./shapes.ts";

const atOnce = 8;
const scored = new Map<string, Promise<Scored>>();
const dependence = new Map<string, Promise<readonly number[]>>();
/** Customers whose mean is drawn. */
const meanOver = 12;
const curvePoints = 9;

/** Nobody decides about these. */
const given = new Set(["gender", "SeniorCitizen", "Partner", "Dependents", "tenure", "TotalCharges"]);
const addOns = ["OnlineSecurity", "OnlineBackup", "DeviceProtection", "TechSupport", "StreamingTV", "StreamingMovies"];

export async function askModel(record: CustomerRecord): Promise<Answer> {
  const { prediction } = await callModel<Answer & JsonObject>(await churnModel(), { ...record });
  return prediction;
}

/** One sample is scored once for each deployment. */
export async function scoredCustomers(sample: Sample): Promise<Scored> {
  const model = await churnModel();
  const key = `${model.deployment?.id} ${sample.seed}`;
  const known = scored.get(key) ?? score(sample);
  scored.set(key, known);
  known.catch(() => scored.delete(key));
  return known;
}

async function score({ seed, features, customers }: Sample): Promise<Scored> {
  const answers = await askAll(customers.map(({ record }) => record));
  const rows = customers.map(({ id, left }, i): ScoredCustomer => ({ id, left, ...answers[i]! }));
  const actionable = features.map(({ name }) => name).filter((name) => !given.has(name));
  return { seed, features, customers: rows.sort((a, b) => b.probability - a.probability), actionable };
}

/** A few calls at a time. */
async function askAll(records: readonly CustomerRecord[]): Promise<Answer[]> {
  const answers: Answer[] = new Array(records.length);
  let next = 0;
  const ask = async (): Promise<void> => {
    for (let i = next++; i < records.length; i = next++) answers[i] = await askModel(records[i]!);
  };
  await Promise.all(Array.from({ length: atOnce }, ask));
  return answers;
}

async function predict(records: readonly JsonObject[]): Promise<number[]> {
  const answers = await askAll(records as readonly CustomerRecord[]);
  return answers.map(({ probability }) => probability);
}

export function whatThresholdsCost(
  { customers }: Scored,
  costs: { readonly missed: number; readonly falseAlarm: number },
): CostPoints {
  const labels = customers.map(({ left }) => (left ? 1 : 0));
  const curve = costCurve(
    labels,
    customers.map(({ probability }) => probability),
    costs,
  );
  const threshold = Array.from(curve.threshold, (value) => Math.min(1, value)); // over 1 nobody is called
  return {
    threshold,
    cost: Array.from(curve.cost),
    missed: Array.from(curve.missed),
    falseAlarms: Array.from(curve.falseAlarms),
    best: curve.threshold.indexOf(curve.best.threshold),
  };
}

/** @throws ServerError the threshold is none */
export async function planFor(record: CustomerRecord, threshold: number, sample: Sample): Promise<Plan> {
  if (!(threshold > 0 && threshold <= 1)) {
    throw new ServerError(
      `Cannot search a change: found the threshold ${threshold}, expected one over 0`,
      400,
      "bad_request",
    );
  }
  const actionable = sample.features.map(({ name }) => name).filter((name) => !given.has(name));
  const found = await counterfactual(
    { ...record },
    { predict, features: rangesOf(sample.features), actionable, threshold, isPossible, maxCalls: 400, maxChanges: 3 },
  );
  if (!found) return { found: false, changes: [], probability: (await askModel(record)).probability };
  const changes = found.changes.map(({ feature, from, to }) => ({
    feature,
    from: from as FeatureValue,
    to: to as FeatureValue,
  }));
  return { found: true, changes, probability: found.probability };
}

/** Add-ons go with internet, several lines with a phone. */
function isPossible(record: JsonObject): boolean {
  const online = record["InternetService"] !== "No";
  const phone = record["PhoneService"] !== "No";
  return (
    addOns.every((name) => record[name] === undefined || (record[name] !== "No internet service") === online) &&
    (record["MultipleLines"] === undefined || (record["MultipleLines"] !== "No phone service") === phone)
  );
}

export async function curveOf(record: CustomerRecord, feature: string, sample: Sample): Promise<Curve> {
  const range = rangesOf(sample.features)[feature];
  if (!range) throw new ServerError(`Cannot draw ${feature}: the model has no such feature`, 400, "bad_request");
  const options = { predict, feature, values: range, points: curvePoints };
  const own = await partialDependence([{ ...record }], options);
  const key = `${(await churnModel()).deployment?.id} ${sample.seed} ${feature}`;
  const known =
    dependence.get(key) ??
    partialDependence(
      sample.customers.slice(0, meanOver).map((customer) => ({ ...customer.record })),
      options,
    ).then(({ mean }) => mean);
  dependence.set(key, known);
  known.catch(() => dependence.delete(key));
  return { feature, values: own.values as readonly FeatureValue[], own: own.mean, mean: await known };
}
