// The frame is an arquero table over Arrow columns. All that we take of the two packages comes through this file: what verbs are
// written with for notebooks, the rest for this room.
export {
  bool,
  type Column,
  columnFromArray,
  type DataType,
  dateDay,
  float32,
  float64,
  int32,
  int64,
  TimeUnit,
  tableFromColumns,
  tableToIPC,
  timestamp,
  utf8,
} from "@uwdata/flechette";
export { agg, ColumnTable, desc, escape, fromArrow as tableFromArrow, not, op, rolling } from "arquero";
