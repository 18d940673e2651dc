// kill -9 of a process that writes, again and again: what it was told is kept is there, whole, and the file is sound.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { seededRandom } from "../../../lib/core/random.ts";
import { openDatabase } from "../../../server/storage/database.ts";
import { cleanEnvironment, temporaryFolder } from "../../support/cli.ts";
import { killsOf } from "../../support/effort.ts";

const kills = killsOf({ everyday: 1, ci: 3, soak: 20 });
const writer = fileURLToPath(new URL("./journaled-writer.mjs", import.meta.url));

test(`a writer killed ${kills} times loses nothing it acknowledged and leaves nothing by halves`, async () => {
  using folder = temporaryFolder();
  const file = join(folder.path, "cellwright.db");
  const journal = join(folder.path, "journal");
  const random = seededRandom(11);
  let acknowledged = 0;
  for (let kill = 1; kill <= kills; kill++) {
    await killAfter(1 + Math.floor(random() * 10), [file, journal, String(kill * 1_000_000)]);
    const journaled = readFileSync(journal, "utf8").split("\n").slice(0, -1);
    expect(journaled.length).toBeGreaterThan(acknowledged);
    acknowledged = journaled.length;
    const kept = await readIds(file);
    const lost = journaled.filter((id) => (id.startsWith("insert-pair") ? !kept.has(`${id}-left`) : !kept.has(id)));
    expect(lost).toEqual([]);
    const halves = [...kept].filter((id) => id.endsWith("-left") && !kept.has(id.replace(/-left$/, "-right")));
    expect(halves).toEqual([]);
  }
}, 300_000);

/** Starts a writer and kills it after so many dots. */
function killAfter(dots: number, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [writer, ...args], {
    env: cleanEnvironment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let seen = 0;
  let complaint = "";
  child.stdout.on("data", (data: Buffer) => {
    seen += data.length;
    if (seen >= dots) child.kill("SIGKILL");
  });
  child.stderr.on("data", (data: Buffer) => {
    complaint += data;
  });
  return new Promise((resolve, reject) => {
    child.once("close", (code, signal) =>
      signal === "SIGKILL" ? resolve() : reject(new Error(`writer ended by itself with ${code}: ${complaint}`)),
    );
  });
}

async function readIds(file: string): Promise<Set<string>> {
  const db = await openDatabase({ url: file, transactionModules: [] });
  try {
    const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check`.execute(db.query);
    expect(rows).toEqual([{ integrity_check: "ok" }]);
    return new Set((await db.query.selectFrom("token").select("id").execute()).map(({ id }) => id));
  } finally {
    await db.close();
  }
}
