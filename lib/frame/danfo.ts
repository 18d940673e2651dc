// Frame ↔ danfo.js, the pandas of JavaScript. The package is the user's to install, and is loaded when a frame first crosses over.
import { columnOf, type FrameLike } from "./columns.ts";
import { type FieldType, schemaOf, type TableSchema } from "./field-type.ts";
import { type Frame, frameOf } from "./frame.ts";

/** What we use of danfo's DataFrame; the rest of it is there too. */
export interface DanfoFrame {
  readonly columns: string[];
  readonly shape: number[];
  readonly dtypes: string[];
  // biome-ignore lint/suspicious/noExplicitAny: danfo's hundred methods, typed in danfo where it is installed
  readonly [method: string]: any;
}

/**
 * A frame as danfo's DataFrame: for small results, its verbs take plain arrays (sorting a million rows is DuckDB's work).
 *
 * Dates become ISO text, as danfo keeps them.
 *
 * @throws Error danfojs-node is not installed
 * @throws TypeError a column mixes types
 */
export async function toDanfo(frame: FrameLike): Promise<DanfoFrame> {
  const { DataFrame } = await loadDanfo();
  const types = schemaOf(frame);
  const columns = Object.entries(types).map(([name, type]) => [name, danfoValues(columnOf(frame, name), type)]);
  const dtypes = Object.values(types).map((type) => danfoType[type]);
  return new DataFrame(Object.fromEntries(columns), { dtypes }) as unknown as DanfoFrame;
}

/**
 * danfo's DataFrame as a frame. What danfo takes for missing (null, undefined, NaN) is null.
 *
 * @param types of the columns; default: the values tell
 */
export function fromDanfo(danfo: DanfoFrame, { types }: { readonly types?: TableSchema } = {}): Frame {
  const columns = danfo.columns.map((name): [string, unknown[]] => {
    const values = danfo["column"](name).values as ArrayLike<unknown>;
    return [name, Array.from(values, (value) => (value === undefined || Number.isNaN(value) ? null : value))];
  });
  return frameOf(Object.fromEntries(columns), types ? { types } : {});
}

const danfoType: { readonly [Type in FieldType]: string } = {
  string: "string",
  double: "float32", // danfo's one name for numbers with a fraction; the values stay doubles
  float: "float32",
  long: "int32",
  integer: "int32",
  boolean: "boolean",
  timestamp: "string",
  date: "string",
};

function danfoValues(values: ArrayLike<unknown>, type: FieldType): unknown[] {
  return Array.from(values, (value) => {
    if (value === null || value === undefined) return null;
    if (type === "timestamp") return (value as Date).toISOString();
    if (type === "date") return (value as Date).toISOString().slice(0, 10);
    return typeof value === "bigint" ? Number(value) : value;
  });
}

async function loadDanfo(): Promise<typeof import("danfojs-node")> {
  try {
    return await import("danfojs-node");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new Error(
      "Cannot make a danfo frame: found no package danfojs-node, expected it after `npm install danfojs-node`",
      {
        cause,
      },
    );
  }
}
