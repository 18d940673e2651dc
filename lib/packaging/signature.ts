// What a model takes: checked per request, told from a table, and written as MLflow writes it. Pure: the server, the library
// and bundles of models all import it, and nothing comes along.
import type { ColumnSpec, ColumnType, JsonObject, JsonValue, Signature } from "../contract/signature.ts";

/** Undefined when the request fits, else what is wrong, naming the key. */
export type SignatureCheck = (request: JsonObject) => string | undefined;

/** A value's complaint: what was expected; undefined when it fits. */
type ValueCheck = (value: JsonValue) => string | undefined;

/** Compiles a signature once, to check every request quickly. */
export function compileSignature(signature: Signature): SignatureCheck {
  const checks = new Map(signature.inputs.map((column) => [column.name, valueCheck(column)]));
  const required = signature.inputs.filter((column) => column.required !== false).map(({ name }) => name);
  const names = listed([...checks.keys()]);
  return (request) => {
    for (const key of Object.keys(request)) {
      const check = checks.get(key);
      if (check === undefined) return `Cannot take the request: found key ${shown(key)}, expected ${names}`;
      const value = request[key]!;
      const expected = check(value);
      if (expected !== undefined)
        return `Cannot take the value of ${shown(key)}: found ${shown(value)}, expected ${expected}`;
    }
    for (const name of required) {
      if (!Object.hasOwn(request, name)) return `Cannot take the request: found no ${shown(name)}, expected one`;
    }
    return undefined;
  };
}

/** A column as MLflow's ColSpec knows it: it refuses keys of its own making, so that categories are kept elsewhere. */
export function toColSpecs(columns: readonly ColumnSpec[]): JsonObject[] {
  return columns.map(({ name, type, required = true }) => ({ type, name, required }));
}

const typeChecks: Readonly<Record<ColumnType, ValueCheck>> = {
  boolean: (value) => (typeof value === "boolean" ? undefined : "true or false"),
  integer: (value) => (isWhole(value, 2 ** 31) ? undefined : "a whole number of 32 bits"),
  long: (value) => (isWhole(value, 2 ** 53) ? undefined : "a whole number"),
  float: (value) => (Number.isFinite(value) ? undefined : "a number"),
  double: (value) => (Number.isFinite(value) ? undefined : "a number"),
  string: (value) => (typeof value === "string" ? undefined : "a text"),
  datetime: (value) => (isDate(value) ? undefined : "a date and time such as 2026-01-31T12:00:00Z"),
};

function valueCheck({ type, categories }: ColumnSpec): ValueCheck {
  const check = typeChecks[type];
  if (!categories) return check;
  const known = new Set<JsonValue>(categories);
  const expected = `one of ${listed(categories)}`;
  return (value) => (known.has(value) ? undefined : expected);
}

/** −limit ≤ value < limit, as whole numbers of that many bits go. */
function isWhole(value: JsonValue, limit: number): boolean {
  return Number.isInteger(value) && (value as number) >= -limit && (value as number) < limit;
}

const isoDate = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

function isDate(value: JsonValue): boolean {
  return typeof value === "string" && isoDate.test(value) && !Number.isNaN(Date.parse(value));
}

function shown(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 24).map((name) => JSON.stringify(name));
  return names.length > 24 ? `${first.join(", ")} and ${names.length - 24} more` : first.join(", ");
}
