// Writes until it is killed. What was acknowledged goes into a journal, synced, before the next write of the same writer.
// Arguments: database file, journal file, first number. Prints a dot each twenty acknowledgements.
import { fsyncSync, openSync, writeSync } from "node:fs";
import { openDatabase } from "../../../dist/server/storage/database.js";

const [url, journalFile, first] = process.argv.slice(2);
const journal = openSync(journalFile, "a");
const db = await openDatabase({ url, transactionModules: [new URL("./ledger-transactions.mjs", import.meta.url)] });
let next = Number(first);
let acknowledged = 0;

async function write(name, argsFor) {
  for (;;) {
    const id = `${name} ${++next}`;
    await db.transact(name, argsFor(id));
    writeSync(journal, `${id}\n`);
    fsyncSync(journal);
    if (++acknowledged % 20 === 0) process.stdout.write(".");
  }
}

for (let i = 0; i < 8; i++) write("insert-quickly", (id) => ({ id, hash: id, expires_at: null }));
for (let i = 0; i < 4; i++) write("insert-pair", (id) => ({ id }));
