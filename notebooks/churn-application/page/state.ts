// All that the page shows is in its address: the sample, the order, the threshold and its costs, the customer and what was changed
// of it. A link to a what-if is a link.
import type { CustomerRecord, Feature, FeatureValue } from "../shapes.ts";

export interface State {
  readonly seed: number;
  /** A column; falling unless `rising`. */
  readonly sort: string;
  readonly rising: boolean;
  readonly threshold: number;
  /** What a missed leaver and a false alarm cost. */
  readonly missed: number;
  readonly alarm: number;
  /** The customer looked at; "" for the table. */
  readonly id: string;
  readonly changes: CustomerRecord;
  /** The smallest change is looked for. */
  readonly plan: boolean;
  /** Feature whose curve is shown; "" for none. */
  readonly curve: string;
}

const start: State = {
  seed: 1,
  sort: "probability",
  rising: false,
  threshold: 0.5,
  missed: 5,
  alarm: 1,
  id: "",
  changes: {},
  plan: false,
  curve: "",
};
const prefix = "f.";

export function readState(query: string): State {
  const given = new URLSearchParams(query);
  const number = (name: "seed" | "threshold" | "missed" | "alarm"): number => {
    const value = Number(given.get(name) ?? start[name]);
    return Number.isFinite(value) && value >= 0 ? value : start[name];
  };
  const changes = [...given].filter(([name]) => name.startsWith(prefix));
  return {
    seed: Math.floor(number("seed")),
    sort: given.get("sort") ?? start.sort,
    rising: given.get("order") === "rising",
    threshold: Math.min(1, number("threshold")),
    missed: number("missed"),
    alarm: number("alarm"),
    id: given.get("id") ?? "",
    changes: Object.fromEntries(changes.map(([name, value]) => [name.slice(prefix.length), value])),
    plan: given.has("plan"),
    curve: given.get("curve") ?? "",
  };
}

export function queryOf(state: State): string {
  const query = new URLSearchParams();
  for (const name of ["seed", "sort", "threshold", "missed", "alarm", "id", "curve"] as const) {
    if (state[name] !== start[name]) query.set(name, String(state[name]));
  }
  if (state.rising) query.set("order", "rising");
  if (state.plan) query.set("plan", "");
  for (const [name, value] of Object.entries(state.changes)) query.set(prefix + name, String(value));
  const text = query.toString();
  return text ? `?${text}` : "?";
}

/** The customer's record with the changes that fit a feature. */
export function changedRecord(
  record: CustomerRecord,
  changes: CustomerRecord,
  features: readonly Feature[],
): CustomerRecord {
  const fitting = features.flatMap((feature): [string, FeatureValue][] => {
    const given = changes[feature.name];
    if (given === undefined) return [];
    if ("categories" in feature)
      return feature.categories.includes(String(given)) ? [[feature.name, String(given)]] : [];
    return Number.isFinite(Number(given)) ? [[feature.name, Number(given)]] : [];
  });
  return { ...record, ...Object.fromEntries(fitting) };
}
