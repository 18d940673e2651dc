// Seeded customers of a telecom that look like the published Telco table: its columns, shares and dependences, not its rows.
import { requirePositiveInteger } from "../../core/check.ts";
import { normal, type Random, seededRandom } from "../../core/random.ts";
import { type Frame, frameOf } from "../../frame/frame.ts";
import {
  type Choice,
  contractShares,
  internetLogits,
  type Logit,
  logits,
  paymentLogits,
  phoneShares,
  price,
  type Shares,
  tenureQuantiles,
  totalSd,
} from "./telco-parameters.ts";
import { telcoSchema } from "./telco-schema.ts";

export interface TelcoCustomersOptions {
  /** Default 7043, as the published table has. */
  readonly rows?: number;
  /** The same seed gives the same customers; fewer rows are the first of more. Default 7. */
  readonly seed?: number;
}

/** Customers with 21 columns as `telcoSchema` says, drawn row by row in the order of their causes: contract first, churn last. */
export function telcoCustomers({ rows = 7043, seed = 7 }: TelcoCustomersOptions = {}): Frame {
  requirePositiveInteger("rows", rows);
  const random = seededRandom(seed);
  const taken = new Set<string>();
  const customers = Array.from({ length: rows }, () => drawCustomer(random, taken));
  return frameOf(customers, { types: telcoSchema });
}

type Customer = { readonly [column in keyof typeof telcoSchema]: string | number | null };
type YesOrNo = "Yes" | "No";

function drawCustomer(random: Random, taken: Set<string>): Customer {
  const contract = drawOne(contractShares, random);
  const tenure = drawQuantile(tenureQuantiles[contract]!, random);
  const t = tenure / 72;
  const one = Number(contract === "One year");
  const two = Number(contract === "Two year");
  const known: Record<string, number> = {
    t,
    t2: t * t,
    log1p_tenure: Math.log1p(tenure),
    fourth_fifth_year: Number(tenure > 36 && tenure <= 60),
    last_month: Number(tenure === 72),
    one,
    two,
    one_t: one * t,
    two_t: two * t,
  };
  const internet = choose(internetLogits, known, random);
  known["fiber"] = Number(internet === "Fiber optic");
  known["dsl"] = Number(internet === "DSL");
  known["nonet"] = Number(internet === "No");
  const draw = (column: string, name = column): YesOrNo => {
    known[name] = Number(random() < probability(logits[column]!, known));
    return known[name] === 1 ? "Yes" : "No";
  };
  const withPhone = (column: string, name: string): string =>
    known["phone"] ? draw(column, name) : "No phone service";
  const withInternet = (column: string, name = column): string =>
    internet === "No" ? "No internet service" : draw(column, name);

  const gender = random() < 0.505 ? "Male" : "Female";
  const senior = draw("SeniorCitizen", "senior");
  const partner = draw("Partner", "partner");
  const dependents = draw("Dependents", "dependents");
  const paperless = draw("PaperlessBilling", "paperless");
  known["phone"] = Number(random() < phoneShares[internet]!);
  const lines = withPhone("MultipleLines", "multi");
  const security = withInternet("OnlineSecurity");
  const backup = withInternet("OnlineBackup");
  const protection = withInternet("DeviceProtection");
  const support = withInternet("TechSupport");
  const tv = withInternet("StreamingTV", "tv");
  const movies = withInternet("StreamingMovies", "movies");
  known["streaming"] = (known["tv"] ?? 0) + (known["movies"] ?? 0);
  const payment = choose(paymentLogits, known, random);
  known["echeck"] = Number(payment === "Electronic check");
  known["bank"] = Number(payment === "Bank transfer (automatic)");
  known["credit"] = Number(payment === "Credit card (automatic)");
  const monthly = drawMonthly(known, random);
  const total = drawTotal(tenure, monthly, random);
  return {
    customerID: drawId(taken, random),
    gender,
    SeniorCitizen: senior === "Yes" ? "1" : "0",
    Partner: partner,
    Dependents: dependents,
    tenure,
    PhoneService: known["phone"] ? "Yes" : "No",
    MultipleLines: lines,
    InternetService: internet,
    OnlineSecurity: security,
    OnlineBackup: backup,
    DeviceProtection: protection,
    TechSupport: support,
    StreamingTV: tv,
    StreamingMovies: movies,
    Contract: contract,
    PaperlessBilling: paperless,
    PaymentMethod: payment,
    MonthlyCharges: monthly,
    TotalCharges: total,
    Churn: draw("Churn"),
  };
}

function probability(logit: Logit, known: Readonly<Record<string, number>>): number {
  return 1 / (1 + Math.exp(-logOdds(logit, known)));
}

/** A term the customer has no value for counts 0: no add-on without internet. */
function logOdds(logit: Logit, known: Readonly<Record<string, number>>): number {
  let sum = 0;
  for (const name in logit) sum += logit[name]! * (name === "intercept" ? 1 : (known[name] ?? 0));
  return sum;
}

function choose(choice: Choice, known: Readonly<Record<string, number>>, random: Random): string {
  const values = Object.keys(choice);
  return pick(
    values,
    values.map((value) => Math.exp(logOdds(choice[value]!, known))),
    random,
  );
}

function drawOne(shares: Shares, random: Random): string {
  return pick(Object.keys(shares), Object.values(shares), random);
}

function pick(values: readonly string[], weights: readonly number[], random: Random): string {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const at = weights.findIndex((weight) => (left -= weight) < 0);
  return values[at < 0 ? values.length - 1 : at]!;
}

/** Linear between the steps of the table, rounded to whole months. */
function drawQuantile(quantiles: readonly number[], random: Random): number {
  const at = random() * (quantiles.length - 1);
  const below = Math.floor(at);
  return Math.round(quantiles[below]! + (at - below) * (quantiles[below + 1]! - quantiles[below]!));
}

function drawMonthly(known: Readonly<Record<string, number>>, random: Random): number {
  const has = (name: string) => known[name] ?? 0;
  const addOns = has("OnlineSecurity") + has("OnlineBackup") + has("DeviceProtection") + has("TechSupport");
  const listed =
    price.phone * has("phone") +
    price.extraLines * has("multi") +
    price.dsl * has("dsl") +
    price.fiber * has("fiber") +
    price.addOn * addOns +
    price.streaming * has("streaming");
  const charged = toStep(listed + price.noiseSd * normal(random));
  return Math.min(Math.max(charged, price.lowest), price.highest);
}

function drawTotal(tenure: number, monthly: number, random: Random): number | null {
  const noise = normal(random); // drawn always, so that a month more moves no other draw
  if (tenure === 0) return null;
  if (tenure === 1) return monthly;
  const [, sd] = totalSd.find(([months]) => tenure <= months)!;
  return toStep(tenure * monthly * (1 + sd * noise));
}

function toStep(dollars: number): number {
  const steps = Math.round(1 / price.step);
  return Math.round(dollars * steps) / steps;
}

function drawId(taken: Set<string>, random: Random): string {
  for (;;) {
    const digits = Array.from({ length: 4 }, () => Math.floor(random() * 10)).join("");
    const letters = Array.from({ length: 5 }, () => String.fromCharCode(65 + Math.floor(random() * 26))).join("");
    const id = `${digits}-${letters}`;
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
