import type { Database, DatabaseOptions } from "./database.ts";
export function openPostgres(_options: DatabaseOptions): Promise<Database> {
  throw new Error("soon");
}
