// What happens to runs over time, with real processes: retries, time limits, stops, chains, schedules, restarts of the server.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job, JobRun } from "../../../lib/contract/job.ts";
import { processesOf } from "../../../server/jobs/leftovers.ts";
import { openDatabase } from "../../../server/storage/database.ts";
import { until } from "../app/processes.ts";
import { JobServer } from "./job-server.ts";

const waits = "await new Promise(() => setInterval(() => {}, 1000));";

describe("runs of jobs", { timeout: 90_000 }, () => {
  let server: JobServer;
  beforeAll(async () => {
    server = new JobServer();
    server.write("waits.mjs", `console.log("waiting"); ${waits}`);
    server.write("waits.ipynb", [
      { id: "first", source: 'console.log("began");' },
      { id: "stuck", source: "for (;;) {}" },
    ]);
    server.write("deaf.mjs", `process.on("SIGINT", () => {}); console.log("deaf"); ${waits}`);
    server.write(
      "twice.mjs",
      `
      import { existsSync, writeFileSync } from "node:fs";
      if (!existsSync("seen")) { writeFileSync("seen", ""); process.exit(1); }
      console.log("second time", process.env.CELLWRIGHT_JOB_RUN);`,
    );
    server.write(
      "needs-flag.mjs",
      `
      import { existsSync } from "node:fs";
      process.exit(existsSync("flag") ? 0 : 1);`,
    );
    server.write("ok.mjs", 'console.log("ok");');
    server.write(
      "resumes.mjs",
      `
      import { appendFileSync } from "node:fs";
      appendFileSync("ids", process.env.CELLWRIGHT_JOB_RUN + "\\n");
      if (process.env.GO !== "1") ${waits}`,
    );
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("a failure is tried again under the same id, and its log tells both", async () => {
    await server.createJob({ name: "twice", file: "twice.mjs", retries: 2, retryDelaySeconds: 0.1 });
    const run = await server.ended((await server.run("twice")).id);
    expect(run).toMatchObject({ status: "succeeded", attempt: 2 });
    expect(run.failure).toBeUndefined();
    expect(await server.log(run.id)).toMatch(
      /── failed; tried again[\s\S]*── attempt 2\nsecond time .*\n[\s\S]*── succeeded/,
    );
    expect(await server.log(run.id)).toContain(`second time ${run.id}`);
  });

  test("a notebook over its time limit is ended, and kept as far as it came", async () => {
    await server.createJob({ name: "slow", file: "waits.ipynb", timeoutSeconds: 6 });
    const run = await server.ended((await server.run("slow")).id);
    expect(run).toMatchObject({
      status: "timed_out",
      failure: { name: "Timeout", cell: "cell 2 of 2 (stuck)", message: "it had run for 6 s, its time limit" },
      notebook: true,
    });
    expect(readFileSync(join(server.home, "jobs", run.id, "waits.ipynb"), "utf8")).toContain("began");
    await until(() => processesOf(run.id).length === 0);
  });

  test("a run is stopped, queued or running, also one that does not listen", async () => {
    await server.createJob({ name: "deaf", file: "deaf.mjs" });
    const first = await server.run("deaf");
    const second = await server.run("deaf");
    await until(async () => (await server.log(first.id)).includes("deaf"), 60_000);
    expect((await server.runNow(second.id)).status).toBe("queued"); // one at a time
    expect((await server.stopRun(second.id)).body.status).toBe("stopped");
    await server.stopRun(first.id);
    expect(await server.ended(first.id)).toMatchObject({ status: "stopped", failure: { name: "Stopped" } });
    expect(processesOf(first.id)).toEqual([]);
    expect((await server.runNow(second.id)).startedAt).toBeUndefined();
  });

  test("a second run is skipped where the job wants none", async () => {
    await server.createJob({ name: "skips", file: "waits.mjs", overlap: "skip" });
    const first = await server.run("skips");
    expect((await server.run("skips")).status).toBe("skipped");
    expect((await server.api("DELETE", "/api/v2/jobs/skips")).status).toBe(409);
    expect((await server.api("DELETE", "/api/v2/jobs/skips?stop=1")).status).toBe(204);
    expect((await server.api("GET", `/api/v2/job-runs/${first.id}`)).status).toBe(404);
    await until(() => processesOf(first.id).length === 0);
  });

  test("a chain stops where a run fails, says what it leaves out, and goes on when that runs again", async () => {
    await server.createJob({ name: "one", file: "ok.mjs" });
    await server.createJob({ name: "two", file: "needs-flag.mjs", after: ["one"] });
    await server.createJob({ name: "three", file: "ok.mjs", after: ["two"] });
    const { chain } = await server.run("one");
    const ofChain = () => server.runs(`chain=${chain}`);
    await until(async () => (await ofChain()).some(({ status }) => status === "failed"), 60_000);
    const [failed] = await ofChain();
    expect(failed).toMatchObject({ job: "two", cause: "after" });
    await until(async () => (await server.log(failed!.id)).includes("not run because of this: three"));

    server.write("flag", "");
    const again = await server.api<JobRun>("POST", `/api/v2/job-runs/${failed!.id}/again`);
    expect(again.body).toMatchObject({ job: "two", chain, cause: "retry" });
    await until(
      async () => (await ofChain()).some(({ job, status }) => job === "three" && status === "succeeded"),
      60_000,
    );
    expect((await ofChain()).map(({ job, status }) => `${job} ${status}`)).toEqual([
      "three succeeded",
      "two succeeded",
      "two failed",
      "one succeeded",
    ]);
    const alone = await server.run("one", { chain: false });
    await server.ended(alone.id);
    expect(await server.runs(`chain=${alone.chain}`)).toHaveLength(1);
  });

  test("a stop of the server interrupts a run; the next start goes on with it, under its id", async () => {
    await server.createJob({ name: "resumes", file: "resumes.mjs" });
    const { id } = await server.run("resumes");
    const ids = () => readFileSync(join(server.settings.project, "ids"), "utf8").trim().split("\n");
    await until(() => {
      try {
        return ids().length === 1;
      } catch {
        return false;
      }
    }, 60_000);
    await server.running.stop();
    expect(processesOf(id)).toEqual([]);
    await server.start();
    await until(() => ids().length === 2, 60_000);
    await server.api<Job>("PATCH", "/api/v2/jobs/resumes", { environment: { GO: "1" } });
    await server.restart();
    expect(await server.ended(id)).toMatchObject({ status: "succeeded", attempt: 3 });
    expect(ids()).toEqual([id, id, id]);
    expect((await server.log(id)).match(/interrupted by a restart/g)).toHaveLength(2);
  });

  test("a schedule that was missed while the server was down fires once, late", async () => {
    await server.createJob({ name: "hourly", file: "ok.mjs", schedule: { cron: "0 * * * *" } });
    await server.running.stop();
    const transactionModules = [new URL("../../../server/jobs/transactions.ts", import.meta.url)];
    const database = await openDatabase({ url: server.settings.database, transactionModules });
    const row = await database.query
      .selectFrom("job")
      .select("id")
      .where("name", "=", "hourly")
      .executeTakeFirstOrThrow();
    await database.transact("update-job", { id: row.id, changes: { next_due: Date.now() - 5 * 3_600_000 } });
    await database.close();
    await server.start();
    await until(async () => (await server.runs("job=hourly")).some(({ status }) => status === "succeeded"), 60_000);
    const runs = await server.runs("job=hourly");
    expect(runs.map(({ cause }) => cause)).toEqual(["schedule"]);
    expect((await server.api<Job>("GET", "/api/v2/jobs/hourly")).body.nextRunAt).toBeGreaterThan(Date.now());
  });
});
