// What the cells have declared so far, for an inspector of variables: name, kind, size and a glance. Looks without side effects: a
// getter is not called, a proxy not asked.
import type { Session } from "node:inspector";
import { ask, declaredNames, lookUp, release } from "./look-up.ts";

export interface Variable {
  readonly name: string;
  /** `number`, `string`, `Array`, `Map`, `Table`, `class`, `function`, … */
  readonly type: string;
  /** `5 elements`, `3 keys`, `7,043 × 21`, `12 characters`; empty where it has none. */
  readonly size: string;
  /** One line, cut. */
  readonly preview: string;
}

const previewLength = 120;

/** In alphabetical order. */
export function listVariables(session: Session): Variable[] {
  const names = declaredNames(session)
    .filter((name) => !name.startsWith("__cellwright"))
    .sort();
  const variables = names.flatMap((name) => {
    const value = lookUp(session, name);
    return value ? [describe(session, name, value)] : [];
  });
  release(session);
  return variables;
}

type Value = NonNullable<ReturnType<typeof lookUp>>;

function describe(session: Session, name: string, value: Value): Variable {
  const { type, subtype, className, description = "" } = value;
  if (subtype === "null") return { name, type: "null", size: "", preview: "null" };
  if (type === "function") {
    const kind = /^class\b/.test(description) ? "class" : "function";
    return { name, type: kind, size: "", preview: cut(description.split("\n")[0]!) };
  }
  if (value.objectId) {
    const [size, preview] = ask<[string, string]>(session, value, glance) ?? ["", description];
    return { name, type: className ?? type, size, preview: cut(preview) };
  }
  const text = type === "string" ? JSON.stringify(value.value) : String(value.unserializableValue ?? value.value);
  const size = type === "string" ? `${(value.value as string).length} characters` : "";
  return { name, type, size, preview: cut(text) };
}

function cut(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > previewLength ? `${line.slice(0, previewLength - 1)}…` : line;
}

/** In the cells' context, with the value as `this`: its size in words, and its text. */
const glance = `function () {
  const count = (n, unit) => n.toLocaleString("en") + " " + unit + (n === 1 ? "" : "s");
  const size = () => {
    if (Array.isArray(this) || (ArrayBuffer.isView(this) && !(this instanceof DataView))) return count(this.length, "element");
    if (this instanceof Map || this instanceof Set) return count(this.size, "entr").replace(/entrs$/, "entries").replace(/entr$/, "entry");
    if (this instanceof ArrayBuffer) return count(this.byteLength, "byte");
    if (typeof this.numRows === "function" && typeof this.numCols === "function")
      return this.numRows().toLocaleString("en") + " × " + this.numCols();
    if (Array.isArray(this.shape)) return this.shape.join(" × ");
    return count(Object.keys(this).length, "key");
  };
  const inspect = process.getBuiltinModule("node:util").inspect;
  return [size(), inspect(this, { depth: 1, maxArrayLength: 8, maxStringLength: 80, breakLength: Infinity })];
}`;
