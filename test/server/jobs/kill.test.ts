// kill -9 of the server during a chain of real notebooks: the next start finishes it, every run has one outcome, and no process
// stays behind. CELLWRIGHT_KILLS says how often; else it goes by the effort.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { JobRun } from "../../../lib/contract/job.ts";
import type { Page } from "../../../lib/contract/model.ts";
import { seededRandom } from "../../../lib/core/random.ts";
import { requestJson } from "../../../lib/core/request-json.ts";
import { processesOf } from "../../../server/jobs/leftovers.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { killsOf } from "../../support/effort.ts";
import { notebookText } from "../../support/notebooks.ts";
import { until } from "../app/processes.ts";
import { type ServerProcess, startServerProcess } from "../cli/server-process.ts";

const kills = killsOf({ everyday: 1, ci: 2, soak: 20 });
const names = ["first", "second", "third"];

/** Each notes when it begins and ends; two at once would stand between one another. */
const cells = (name: string) => [
  { id: "begin", source: 'import { appendFileSync } from "node:fs";' },
  { id: "note", source: `appendFileSync("notes", "${name} " + process.env.CELLWRIGHT_JOB_RUN + " begins\\n");` },
  { id: "work", source: "await new Promise((done) => setTimeout(done, 800));" },
  { id: "done", source: `appendFileSync("notes", "${name} " + process.env.CELLWRIGHT_JOB_RUN + " ends\\n");` },
];

test(`${kills} kills of the server during chains of notebooks: each chain ends, each run once`, {
  timeout: 120_000 + kills * 60_000,
}, async () => {
  using home = temporaryFolder("cellwright-jobs-");
  const random = seededRandom(11);
  for (const name of names) {
    mkdirSync(join(home.path, "notebooks"), { recursive: true });
    writeFileSync(join(home.path, "notebooks", `${name}.ipynb`), notebookText(cells(name)));
  }
  let server = await startServerProcess(home.path);
  for (const [i, name] of names.entries()) {
    const job = { name, file: `notebooks/${name}.ipynb`, after: names.slice(Math.max(0, i - 1), i) };
    await requestJson(server, "POST", "/api/v2/jobs", job);
  }
  let { chain } = await requestJson<JobRun>(server, "POST", "/api/v2/jobs/first/runs", {});
  const chains = [chain];

  for (let i = 0; i < kills; i++) {
    await wait(random() * 6000);
    await server.end("SIGKILL");
    server = await startServerProcess(home.path);
    if ((await runsOf(server, chain)).every(hasEnded)) {
      ({ chain } = await requestJson<JobRun>(server, "POST", "/api/v2/jobs/first/runs", {}));
      chains.push(chain);
    }
  }

  for (const one of chains) {
    await until(async () => {
      const runs = await runsOf(server, one);
      return runs.length === names.length && runs.every(hasEnded);
    }, 120_000);
    const runs = await runsOf(server, one);
    expect(runs.map(({ job, status }) => `${job} ${status}`)).toEqual(
      ["third", "second", "first"].map((name) => `${name} succeeded`),
    );
    for (const { id } of runs) expect(processesOf(id)).toEqual([]);
  }
  expect(oneAtATime(join(home.path, "notebooks", "notes"))).toEqual([]);
  await server.end("SIGTERM");
});

function hasEnded({ status }: JobRun): boolean {
  return status !== "queued" && status !== "running";
}

async function runsOf(server: ServerProcess, chain: string): Promise<readonly JobRun[]> {
  return (await requestJson<Page<JobRun>>(server, "GET", `/api/v2/job-runs?chain=${chain}`)).items;
}

/** Ends that do not follow a beginning of the same run: another process of the chain was at work. */
function oneAtATime(notes: string): string[] {
  if (!existsSync(notes)) return ["nothing ran"];
  const lines = readFileSync(notes, "utf8").trim().split("\n");
  return lines.filter((line, i) => line.endsWith("ends") && lines[i - 1] !== line.replace(/ends$/, "begins"));
}
