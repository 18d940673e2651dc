// The figures that the published Telco table shows, as requirements give them: rounded, each with what a sample says of it.
import { columnsOf, type FrameLike } from "../../../../lib/frame/columns.ts";

/** What one sample says of one figure. */
export interface Figure {
  readonly name: string;
  readonly target: number;
  /** Half a unit of the target's last digit. */
  readonly rounding: number;
  readonly value: number;
  readonly standardError: number;
}

/** Column → level → [share %, churn %]. */
const levels: { readonly [column: string]: { readonly [level: string]: readonly [share: number, churn: number] } } = {
  Contract: { "Month-to-month": [55.0, 42.7], "Two year": [24.1, 2.8], "One year": [20.9, 11.3] },
  InternetService: { "Fiber optic": [44.0, 41.9], DSL: [34.4, 19.0], No: [21.7, 7.4] },
  PaymentMethod: {
    "Electronic check": [33.6, 45.3],
    "Mailed check": [22.9, 19.1],
    "Bank transfer (automatic)": [21.9, 16.7],
    "Credit card (automatic)": [21.6, 15.2],
  },
  SeniorCitizen: { "0": [83.8, 23.6], "1": [16.2, 41.7] },
  Partner: { No: [51.7, 33.0], Yes: [48.3, 19.7] },
  Dependents: { No: [70.0, 31.3], Yes: [30.0, 15.5] },
  OnlineSecurity: { No: [49.7, 41.8], Yes: [28.7, 14.6], "No internet service": [21.7, 7.4] },
  TechSupport: { No: [49.3, 41.6], Yes: [29.0, 15.2] },
};

/** Months from, to, churn %. */
const tenures: readonly (readonly [from: number, to: number, churn: number])[] = [
  [1, 6, 53],
  [7, 12, 36],
  [13, 24, 29],
  [25, 36, 22],
  [37, 48, 19],
  [49, 60, 14],
  [61, 71, 8],
  [72, 72, 2],
];

/** All 60 figures of one sample of customers. */
export function figuresOf(customers: FrameLike): Figure[] {
  const columns = columnsOf(customers) as { readonly [name: string]: ArrayLike<string> };
  const [tenure, monthly, total] = ["tenure", "MonthlyCharges", "TotalCharges"].map(
    (name) => columns[name] as unknown as ArrayLike<number | null>,
  );
  const churned = Array.from(columns["Churn"]!, (value) => Number(value === "Yes"));
  const share = (name: string, percent: number, flags: readonly number[], digits = 1): Figure => {
    const p = mean(flags);
    const standardError = Math.sqrt((p * (1 - p)) / flags.length);
    return { name, target: percent / 100, rounding: 0.5 * 10 ** -(digits + 2), value: p, standardError };
  };
  const byLevel = Object.entries(levels).flatMap(([column, targets]) =>
    Object.entries(targets).flatMap(([level, [percent, churn]]) => {
      const isLevel = Array.from(columns[column]!, (value) => Number(value === level));
      return [
        share(`share of ${column} ${level}`, percent, isLevel),
        share(
          `churn of ${column} ${level}`,
          churn,
          churned.filter((_, i) => isLevel[i]),
        ),
      ];
    }),
  );
  const byTenure = tenures.map(([from, to, churn]) =>
    share(
      `churn of tenure ${from}–${to}`,
      churn,
      churned.filter((_, i) => tenure![i]! >= from && tenure![i]! <= to),
      0,
    ),
  );
  const paid = Array.from(total!, (_, i) => i).filter((i) => total![i] !== null);
  const at = (values: ArrayLike<number | null>) => paid.map((i) => values[i]!);
  return [
    share("churn", 26.5, churned),
    ...byLevel,
    ...byTenure,
    ...spread("tenure", Array.from(tenure!, Number), 32.4, 24.6, 0.05),
    ...spread("MonthlyCharges", Array.from(monthly!, Number), 64.8, 30.1, 0.05),
    ...spread("TotalCharges", at(total!), 2283, 2267, 0.5),
    correlation("tenure–MonthlyCharges", at(tenure!), at(monthly!), 0.25),
    correlation("tenure–TotalCharges", at(tenure!), at(total!), 0.83),
    correlation("MonthlyCharges–TotalCharges", at(monthly!), at(total!), 0.65),
  ];
}

function spread(
  name: string,
  values: readonly number[],
  targetMean: number,
  targetSd: number,
  rounding: number,
): Figure[] {
  const z = standardized(values);
  const sd = deviation(values);
  return [
    {
      name: `mean of ${name}`,
      target: targetMean,
      rounding,
      value: mean(values),
      standardError: sd / Math.sqrt(values.length),
    },
    // the influence of one value on the standard deviation is sd (z² − 1) / 2
    {
      name: `sd of ${name}`,
      target: targetSd,
      rounding,
      value: sd,
      standardError: errorOfMean(z.map((x) => (sd * (x * x - 1)) / 2)),
    },
  ];
}

function correlation(name: string, a: readonly number[], b: readonly number[], target: number): Figure {
  const [za, zb] = [standardized(a), standardized(b)];
  const r = mean(za.map((x, i) => x * zb[i]!));
  // the influence of one pair on r is x y − r (x² + y²) / 2
  const influence = za.map((x, i) => x * zb[i]! - (r * (x * x + zb[i]! ** 2)) / 2);
  return { name: `correlation ${name}`, target, rounding: 0.005, value: r, standardError: errorOfMean(influence) };
}

function standardized(values: readonly number[]): number[] {
  const [centre, sd] = [mean(values), deviation(values)];
  return values.map((value) => (value - centre) / sd);
}

function errorOfMean(values: readonly number[]): number {
  return deviation(values) / Math.sqrt(values.length);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}
