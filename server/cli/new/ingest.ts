// The first starter notebook: rows become a table.
import type { StarterCell } from "./starter-cell.ts";

export const ingest: readonly StarterCell[] = [
  {
    id: "title",
    markdown: true,
    source: `# Customers become a table that other notebooks read

Rows come from a CSV, are held against a schema, and are written as a table of the warehouse. Without a file of your own they are
generated, the same ones for the same seed. Next: [2_train](2_train.ipynb) learns who leaves.`,
  },
  {
    id: "parameters",
    tags: ["parameters"],
    source: `/** A CSV of your own, with a schema to fit it. Empty: generated customers. */
let csvFile = "";
/** Customers to generate. */
let rows = 1000;
/** Seed of the generator. */
let seed = 7;
/** The table to write. */
let tableName = "default.customers";`,
  },
  {
    id: "imports",
    source: `import {
  bars, describe, display, head, readCsv, table, telcoCsv, telcoSchema, writeTable,
} from "cellwright";`,
  },
  {
    id: "read-why",
    markdown: true,
    source: "A schema is said, not guessed: a value that does not fit stops here, with its line and column.",
  },
  {
    id: "read",
    source: `const file = csvFile || (await telcoCsv({ rows: rows, seed: seed }));
const customers = await readCsv(file, { schema: telcoSchema });
display(table(head(customers, 5), { title: "The first customers" }));`,
  },
  {
    id: "figures",
    source: `display(table(describe(customers), { rows: 25, title: "Every column in figures" }));`,
  },
  {
    id: "contracts",
    source: `const byContract = customers.groupby("Contract").count({ as: "customers" });
display(bars(byContract, {
  x: "Contract", y: "customers", title: "Which contracts do customers have?", yTitle: "customers",
}));`,
  },
  {
    id: "write-why",
    markdown: true,
    source: "Writing makes a snapshot; a second run overwrites the table, and the old snapshot stays readable.",
  },
  {
    id: "write",
    source: `const written = await writeTable(tableName, customers, { mode: "overwrite" });
display(table([{ table: tableName, ...written }], { title: "What was written" }));`,
  },
];
