// A process that appends without pause is killed at some moment, again and again: the table always reads, and every append that
// the process was told is done is there.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { readTable } from "../../../../lib/data/warehouse/read-table.ts";
import { writeTable } from "../../../../lib/data/warehouse/write-table.ts";
import { cleanEnvironment, root, temporaryFolder } from "../../../support/cli.ts";
import { killsOf } from "../../../support/effort.ts";

const writer = `
  const { writeTable } = await import(${JSON.stringify(pathToFileURL(join(root, "dist/lib/index.js")).href)});
  const first = Number(process.argv[1]);
  for (let batch = first; ; batch++) {
    await writeTable("journal", { batch: [batch, batch, batch] }, { mode: "append" });
    process.stdout.write(batch + "\\n");
  }`;

test("kill -9 of a writer at any moment loses nothing that was acknowledged and breaks nothing", {
  timeout: 120_000,
}, async () => {
  using home = temporaryFolder();
  const before = process.env["CELLWRIGHT_WAREHOUSE"];
  process.env["CELLWRIGHT_WAREHOUSE"] = home.path;
  try {
    const acknowledged: number[] = [];
    for (let round = 0; round < killsOf({ everyday: 2, ci: 6, soak: 20 }); round++) {
      acknowledged.push(...(await appendUntilKilled(home.path, round * 1000, 1 + round)));
      const batches = Array.from((await readTable("journal")).array("batch") as ArrayLike<number>);
      const counts = new Map<number, number>();
      for (const batch of batches) counts.set(batch, (counts.get(batch) ?? 0) + 1);
      expect(acknowledged.filter((batch) => counts.get(batch) !== 3)).toEqual([]);
      expect([...counts.values()].every((count) => count === 3)).toBe(true);
    }
    await writeTable("journal", { batch: [-1] }, { mode: "append" });
    expect((await readTable("journal", { where: "batch = -1" })).numRows()).toBe(1);
  } finally {
    if (before === undefined) delete process.env["CELLWRIGHT_WAREHOUSE"];
    else process.env["CELLWRIGHT_WAREHOUSE"] = before;
  }
});

/** Numbers of the batches the writer reported; it is killed somewhere after the `reports`-th. */
function appendUntilKilled(warehouse: string, first: number, reports: number): Promise<number[]> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", writer, String(first)], {
    env: { ...cleanEnvironment(), CELLWRIGHT_WAREHOUSE: warehouse },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    if (text.split("\n").length > reports) setTimeout(() => child.kill("SIGKILL"), reports * 3);
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (_, signal) => {
      if (signal === "SIGKILL") resolve(text.split("\n").slice(0, -1).map(Number));
      else reject(new Error(`the writer ended by itself: ${text}`));
    });
  });
}
