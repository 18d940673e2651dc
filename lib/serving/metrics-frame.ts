// Records of predictions as a table: what was tracked becomes columns.
import type { MetricsRow } from "../contract/prediction.ts";
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import { type Frame, frameOf } from "../frame/frame.ts";

/** A value of a cell; lists are their JSON text. */
type Cell = string | number | boolean | null;

/**
 * A row a record, in their order: `uuid`, `start` and `end` (milliseconds since 1970), `status`, then a column for everything
 * tracked, nested names joined by dots: `metrics.probability`, `metrics.input_data.tenure`. What a record lacks is null; the rows
 * of aggregate metrics have the uuid "".
 *
 * @param rows of `readMetrics`, or gathered from `streamMetrics`
 */
export function metricsFrame(rows: readonly MetricsRow[]): Frame {
  const columns = new Map<string, Cell[]>();
  const cellsOf = (name: string): Cell[] => {
    const known = columns.get(name);
    if (known) return known;
    const made = new Array<Cell>(rows.length).fill(null);
    columns.set(name, made);
    return made;
  };
  for (const name of ["uuid", "start", "end", "status"]) cellsOf(name);
  for (const [i, row] of rows.entries()) {
    cellsOf("uuid")[i] = row.predictionUuid;
    cellsOf("start")[i] = row.startTimeStampMs;
    cellsOf("end")[i] = row.endTimeStampMs;
    cellsOf("status")[i] = row.status;
    flatten("metrics", row.metrics, (name, cell) => (cellsOf(name)[i] = cell));
  }
  return frameOf(Object.fromEntries(columns));
}

function flatten(name: string, value: JsonValue, put: (name: string, cell: Cell) => void): void {
  if (Array.isArray(value)) put(name, JSON.stringify(value));
  else if (typeof value === "object" && value !== null) {
    for (const [key, its] of Object.entries(value as JsonObject)) flatten(`${name}.${key}`, its, put);
  } else put(name, value as Cell);
}
