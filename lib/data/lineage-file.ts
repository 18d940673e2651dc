// lineage.yml in the project: which tables a model learnt from, said by hand. A file that is somebody's own is never touched.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fromProject } from "../core/settings.ts";
import { writeWhole } from "./file-store.ts";

/** Model name → its tables and anything worth saying. */
export interface Lineage {
  readonly [model: string]: {
    /** `default.telco_churn` */
    readonly tables: readonly string[];
    readonly metadata?: { readonly [key: string]: string | number | boolean };
  };
}

export interface LineageOptions {
  /** What stands behind each table's @. Default `local`. */
  readonly cluster?: string;
}

export interface LineageFile {
  /** Absolute. */
  readonly path: string;
  /** False where the file is somebody's own. */
  readonly ours: boolean;
}

const mark = "# Written by Cellwright, again with every run; without this line the file is yours and stays as it is.";

/**
 * Writes lineage.yml into the project's folder, unless there is one of somebody's own.
 *
 * @returns where it is, and whether it is ours
 */
export async function writeLineage(lineage: Lineage, { cluster = "local" }: LineageOptions = {}): Promise<LineageFile> {
  const path = fromProject("lineage.yml");
  const found = existsSync(path) ? await readFile(path, "utf8") : undefined;
  if (found !== undefined && !found.startsWith(mark)) return { path, ours: false };
  const text = `${mark}\n${Object.entries(lineage)
    .map(([model, entry]) => entryText(model, entry, cluster))
    .join("")}`;
  if (text !== found) await writeWhole(path, text);
  return { path, ours: true };
}

/** Names and values in double quotes: JSON's strings are YAML's. */
function entryText(model: string, { tables, metadata = {} }: Lineage[string], cluster: string): string {
  const names = tables.map((table) => `    - ${JSON.stringify(`${table}@${cluster}`)}\n`);
  const values = Object.entries(metadata).map(
    ([key, value]) => `    ${JSON.stringify(key)}: ${JSON.stringify(value)}\n`,
  );
  return [
    `${JSON.stringify(model)}:\n  hive_table_qualified_names:${names.length > 0 ? "\n" : " []\n"}`,
    ...names,
    ...(values.length > 0 ? ["  metadata:\n", ...values] : []),
  ].join("");
}
