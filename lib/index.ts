// Every public name of the library, by hand, in groups.

// A table in memory
export {
  type Columns,
  columnNamesOf,
  columnOf,
  columnsOf,
  type FrameLike,
  rowsOf,
  type TableLike,
} from "./frame/columns.ts";
