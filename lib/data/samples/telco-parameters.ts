// Parameters of the Telco customers: facts of the published table (shares, quantiles, logits, prices), not its rows. Where shares by
// contract alone would lose what tenure does (who has fibre, who pays how, which add-ons go together), they are logits fitted to the
// table; some terms of Churn are set so that churn by level comes out on the customers drawn here.

/** Value → probability. */
export type Shares = { readonly [value: string]: number };
/** Coefficient by the name of what it multiplies; `intercept` stands alone, `t` is tenure / 72, `t2` its square. */
export type Logit = { readonly [term: string]: number };
/** Value → its log odds against the first value. */
export type Choice = { readonly [value: string]: Logit };

/** Contract. */
export const contractShares: Shares = {
  "Month-to-month": 0.5502,
  "Two year": 0.2407,
  "One year": 0.2091,
};

/** Tenure in months at 21 even steps from the lowest to the highest, by contract. */
export const tenureQuantiles: { readonly [contract: string]: readonly number[] } = {
  "Month-to-month": [1, 1, 1, 1, 2, 3, 4, 6, 8, 10, 12, 14, 17, 21, 24, 29, 33, 39, 46, 56, 72],
  "One year": [0, 10, 14, 19, 23, 27, 30, 34, 37, 41, 44, 47, 50, 53, 55, 58, 61, 64, 67, 69, 72],
  "Two year": [0, 14, 26, 37, 44, 48, 52, 56, 60, 62, 64, 66, 68, 69, 70, 71, 72, 72, 72, 72, 72],
};

/** InternetService: log odds against DSL. */
export const internetLogits: Choice = {
  DSL: {},
  "Fiber optic": {
    intercept: 0.204,
    t: 1.3628,
    one: -2.1535,
    two: -2.9486,
    one_t: 1.561,
    two_t: 1.3545,
  },
  No: {
    intercept: -0.4022,
    t: -2.6743,
    one: 1.1289,
    two: 2.0538,
    one_t: 0.2546,
    two_t: 0.511,
  },
};

/** Share with PhoneService by InternetService. */
export const phoneShares: Shares = {
  DSL: 0.7183,
  "Fiber optic": 1.0,
  No: 1.0,
};

/** PaymentMethod: log odds against Electronic check. */
export const paymentLogits: Choice = {
  "Electronic check": {},
  "Bank transfer (automatic)": {
    intercept: -1.4369,
    t: 2.9324,
    t2: -1.5912,
    one: 0.4322,
    two: 1.1032,
    fiber: -0.4983,
    nonet: 1.1216,
    paperless: -0.2539,
    senior: -0.1826,
    dependents: 0.1359,
    OnlineSecurity: 0.2791,
    TechSupport: 0.283,
  },
  "Credit card (automatic)": {
    intercept: -1.4331,
    t: 2.5966,
    t2: -1.576,
    one: 0.6056,
    two: 1.3407,
    fiber: -0.5787,
    nonet: 1.1063,
    paperless: -0.1958,
    senior: -0.1668,
    dependents: 0.147,
    OnlineSecurity: 0.356,
    TechSupport: 0.3121,
  },
  "Mailed check": {
    intercept: 0.1039,
    t: -1.0443,
    t2: -0.8662,
    one: 0.5679,
    two: 1.4867,
    fiber: -1.2686,
    nonet: 1.7877,
    paperless: -0.5067,
    senior: -0.6761,
    dependents: 0.1568,
    OnlineSecurity: 0.4536,
    TechSupport: 0.3787,
  },
};

/** Log odds of Yes. MultipleLines holds for those with a phone, the add-ons and streaming for those with internet. */
export const logits: { readonly [column: string]: Logit } = {
  SeniorCitizen: {
    intercept: -3.0486,
    one: -0.3363,
    two: -0.584,
    fiber: 2.1747,
    dsl: 1.134,
  },
  Partner: {
    intercept: -1.1507,
    t: 2.2098,
    two: 0.3128,
    senior: 0.1089,
  },
  Dependents: {
    intercept: -1.8566,
    partner: 2.466,
    senior: -1.8573,
    two: 0.7227,
    fiber: -0.5375,
    t: -0.7407,
    one: 0.4981,
  },
  PaperlessBilling: {
    intercept: -0.7078,
    t: 0.627,
    one: -0.4761,
    two: -0.7193,
    fiber: 1.7855,
    dsl: 0.9269,
    senior: 0.3593,
    dependents: -0.1287,
  },
  MultipleLines: {
    intercept: -2.5546,
    t: 2.7698,
    one: -0.4294,
    two: -0.1656,
    fiber: 1.701,
    dsl: 0.765,
    senior: 0.374,
    paperless: 0.2616,
  },
  OnlineSecurity: {
    intercept: -1.3366,
    t: 1.7645,
    one: 0.5223,
    two: 0.9834,
    fiber: -0.9313,
    senior: -0.2645,
    dependents: 0.2251,
    paperless: -0.3676,
    phone: 0.3744,
  },
  OnlineBackup: {
    intercept: -1.4902,
    t: 2.5522,
    one: 0.1331,
    two: 0.2225,
    fiber: -0.0378,
  },
  DeviceProtection: {
    intercept: -1.5681,
    t: 1.7581,
    one: 0.6874,
    two: 1.251,
    fiber: 0.2113,
  },
  TechSupport: {
    intercept: -1.4915,
    t: 0.8572,
    one: 0.8183,
    two: 1.7607,
    fiber: -0.7718,
    senior: -0.4642,
    OnlineSecurity: 0.2827,
    DeviceProtection: 0.2889,
    phone: 0.2916,
  },
  StreamingTV: {
    intercept: -1.7657,
    t: 0.8885,
    one: 0.4487,
    two: 0.7168,
    fiber: 0.8887,
    DeviceProtection: 0.6832,
    TechSupport: 0.3185,
    multi: 0.3299,
    paperless: 0.5126,
    phone: -0.3702,
  },
  StreamingMovies: {
    intercept: -1.7462,
    t: 0.7527,
    one: 0.3013,
    two: 0.4592,
    fiber: 0.7036,
    tv: 1.4258,
    DeviceProtection: 0.5699,
    TechSupport: 0.208,
    multi: 0.2903,
    phone: -0.3683,
  },
  Churn: {
    intercept: 0.8039,
    log1p_tenure: -0.716,
    one: -0.6722,
    two: -1.3825,
    fiber: 0.9492,
    nonet: -0.8253,
    OnlineSecurity: -0.4196,
    TechSupport: -0.3937,
    OnlineBackup: -0.1187,
    streaming: 0.3164,
    multi: 0.3719,
    phone: -0.545,
    echeck: 0.4332,
    bank: 0.09,
    credit: -0.09,
    paperless: 0.3551,
    senior: 0.14,
    dependents: -0.2316,
    fourth_fifth_year: 0.1489,
    last_month: -0.9655,
  },
};

type PricePart =
  | "phone"
  | "extraLines"
  | "dsl"
  | "fiber"
  | "addOn"
  | "streaming"
  | "noiseSd"
  | "step"
  | "lowest"
  | "highest";

/** Monthly price list in dollars. */
export const price: { readonly [Part in PricePart]: number } = {
  phone: 20,
  extraLines: 5,
  dsl: 25,
  fiber: 50,
  addOn: 5,
  streaming: 10,
  noiseSd: 1.02,
  step: 0.05,
  lowest: 18.25,
  highest: 118.75,
};

/** Relative standard deviation of TotalCharges around tenure × MonthlyCharges: [up to this tenure, sd]. */
export const totalSd: readonly (readonly [months: number, sd: number])[] = [
  [2, 0.1229],
  [6, 0.0929],
  [12, 0.0702],
  [24, 0.0504],
  [48, 0.036],
  [72, 0.0245],
];
