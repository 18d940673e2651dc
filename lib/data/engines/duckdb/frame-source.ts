// A frame as something a query can select from: Arrow → uncompressed Parquet in memory, read by DuckDB.
import { writeFile } from "node:fs/promises";
import { toArrow } from "../../../frame/arrow.ts";
import type { FrameLike } from "../../../frame/columns.ts";
import type { TableSchema } from "../../../frame/field-type.ts";
import { withScratchFile } from "../../scratch.ts";
import { sqlText } from "./sql.ts";

/**
 * Hands `work` the FROM expression of a frame.
 *
 * @throws TypeError a value does not fit its type
 */
export async function withFrameSource<T>(
  frame: FrameLike,
  types: TableSchema,
  work: (from: string) => Promise<T>,
): Promise<T> {
  const { Compression, Table, WriterPropertiesBuilder, writeParquet } = await import("parquet-wasm");
  const uncompressed = new WriterPropertiesBuilder().setCompression(Compression.UNCOMPRESSED).build();
  const bytes = writeParquet(Table.fromIPCStream(toArrow(frame, { types })), uncompressed);
  return withScratchFile(async (path) => {
    await writeFile(path, bytes);
    return work(`read_parquet(${sqlText(path)})`);
  });
}
