// `database.table`, and where it lies: <warehouse>/<database>/<table>.
import { join } from "node:path";
import { quote } from "../../core/check.ts";
import { warehouseFolder } from "../../core/settings.ts";

export interface TablePlace {
  /** `default.telco_churn`. */
  readonly name: string;
  readonly folder: string;
}

/**
 * A bare table name is in the database `default`.
 *
 * @throws RangeError a part is not letters, digits and underscores, or the database is `raw`, where raw files lie
 */
export function tablePlace(name: string): TablePlace {
  const parts = name.split(".");
  const [database, table] = parts.length === 1 ? ["default", name] : parts;
  if (parts.length > 2 || !isPart(database) || !isPart(table)) {
    throw new RangeError(
      `Cannot use table name ${quote(name)}: expected database.table of letters, digits and underscores, as default.telco_churn`,
    );
  }
  if (database === "raw") {
    throw new RangeError(
      `Cannot use table name ${quote(name)}: found database "raw", expected another: raw files lie there`,
    );
  }
  return { name: `${database}.${table}`, folder: join(warehouseFolder(), database!, table!) };
}

function isPart(part: string | undefined): boolean {
  return part !== undefined && /^[A-Za-z_][A-Za-z0-9_]{0,127}$/.test(part);
}
