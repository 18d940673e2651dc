// The customers' raw CSV file: a real one where the user has it, else generated customers in the same format.
import { join } from "node:path";
import { churnCsv, fromProject, warehouseFolder } from "../../core/settings.ts";
import { requireFile } from "../file-store.ts";
import { writeCsv } from "../write-csv.ts";
import { type TelcoCustomersOptions, telcoCustomers } from "./telco-customers.ts";

export interface TelcoCsvOptions extends TelcoCustomersOptions {
  /** A real file of this schema, from the project's folder; `rows` and `seed` do not count then. Default CHURN_CSV, else none. */
  readonly path?: string;
}

/**
 * Path of a CSV file of Telco customers, to be read with `readCsv(path, { schema: telcoSchema })`.
 *
 * Without a real file, `telcoCustomers({ rows, seed })` is written to `raw/telco-customer-churn.csv` in the warehouse in the
 * published format: CRLF, a single space in TotalCharges where tenure is 0.
 *
 * @returns absolute path
 * @throws Error the named file does not exist
 */
export async function telcoCsv({ path = churnCsv(), ...options }: TelcoCsvOptions = {}): Promise<string> {
  if (path) return requireFile(fromProject(path), "CSV");
  return writeCsv(join(warehouseFolder(), "raw", "telco-customer-churn.csv"), telcoCustomers(options), {
    nullText: " ",
  });
}
