// What jobs and their runs promise on every engine: SQLite runs it in `npm test`, a real Postgres in the peers' tests.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newJob } from "../../../lib/contract/job.ts";
import { toJobRow } from "../../../server/jobs/job-rows.ts";
import { createJobStore, type JobStore } from "../../../server/jobs/store.ts";
import type { EndRunArguments } from "../../../server/jobs/transactions.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import type { JobTable } from "../../../server/storage/tables.ts";
import { timeOrderedUuid } from "../../../server/storage/time-ordered-uuid.ts";
import type { Place } from "../storage/database-suite.ts";

const transactionModules = [new URL("../../../server/jobs/transactions.ts", import.meta.url)];
const owned = { project: "default", created_by: "owner" };
const progress = { cells: 2, ran: 2, current: null, cell_states: "[]", has_notebook: 1, log_bytes: 9 };

/** @param newPlace an empty database */
export function jobsSuite(engine: string, newPlace: () => Promise<Place>): void {
  describe(`jobs on ${engine}`, () => {
    let place: Place;
    let database: Database;
    let store: JobStore;
    beforeAll(async () => {
      place = await newPlace();
      database = await openDatabase({ url: place.url, transactionModules });
      store = createJobStore(database);
    });
    afterAll(async () => {
      await database.close();
      await place.remove();
    });

    async function newRow(name: string, settings: object = {}): Promise<JobTable> {
      const id = timeOrderedUuid();
      const whole = newJob.parse({ name, file: "a.mjs", ...settings });
      const row = {
        id,
        crn: `crn:${id}`,
        name,
        ...toJobRow(whole),
        next_due: null,
        created_at: 1,
        updated_at: 1,
        ...owned,
      };
      expect(await store.insertJob(row)).toBe(true);
      return row;
    }

    async function queue(job: JobTable, chain?: string): Promise<string> {
      const id = timeOrderedUuid();
      const row = {
        id,
        job_id: job.id,
        chain: chain ?? id,
        cause: "manual",
        chained: 1,
        parameters: "{}",
        queued_at: 5,
      };
      await store.queueRun({ ...row, ...owned });
      return id;
    }

    const claim = (id: string, owner = "p/1") => store.claimRun({ id, owner, leaseUntil: 100, now: 7 });
    const end = (id: string, changes: Partial<EndRunArguments> = {}) =>
      store.endRun({ id, attempt: 1, owner: "p/1", status: "succeeded", failure: null, progress, now: 8, ...changes });
    const statusOf = async (id: string) => (await store.findRun(id))?.status;
    const runsOf = (job: JobTable) => store.listRuns("default", { jobId: job.id }, { after: undefined, limit: 100 });

    test("a name is taken once; numbers come back as numbers, none as null", async () => {
      const row = await newRow("numbers", { timeoutSeconds: 1.5, schedule: { cron: "0 * * * *" } });
      expect(await store.insertJob({ ...row, id: timeOrderedUuid(), crn: "crn:other" })).toBe(false);
      expect(await store.findJob("default", "numbers")).toEqual(row);
      await store.updateJob(row.id, { next_due: 1_800_000_000_000 });
      expect((await store.scheduledJobs()).map(({ id, next_due }) => [id, next_due])).toEqual([
        [row.id, 1_800_000_000_000],
      ]);
      await store.updateJob(row.id, { next_due: null });
    });

    test("of many who claim a run, one gets it", async () => {
      const id = await queue(await newRow("claimed"));
      const claims = await Promise.all(["a/1", "b/1", "c/1", "d/1"].map((owner) => claim(id, owner)));
      expect(claims.filter((attempt) => attempt === 1)).toHaveLength(1);
      expect(await store.findRun(id)).toMatchObject({ status: "running", started_at: 7, lease_until: 100 });
    });

    test("a job runs beside itself only where it may", async () => {
      const [alone, beside] = [await newRow("alone"), await newRow("beside", { overlap: "parallel" })];
      const [a, b] = [await queue(alone), await queue(alone)];
      expect(await Promise.all([claim(a), claim(b, "q/1")])).toContain(undefined);
      const [c, d] = [await queue(beside), await queue(beside)];
      expect([await claim(c), await claim(d)]).toEqual([1, 1]);
    });

    test("a second run is skipped where the job wants none", async () => {
      const job = await newRow("skipping", { overlap: "skip" });
      const [first, second] = [await queue(job), await queue(job)];
      expect([await statusOf(first), await statusOf(second)]).toEqual(["queued", "skipped"]);
    });

    test("a run has one outcome, and only from the server and attempt that it is", async () => {
      const id = await queue(await newRow("outcome"));
      await claim(id);
      expect(await end(id, { owner: "q/1" })).toBeUndefined();
      expect(await end(id, { attempt: 2 })).toBeUndefined();
      expect(await end(id)).toMatchObject({ status: "succeeded" });
      expect(await end(id, { status: "failed" })).toBeUndefined();
      expect(await store.requeueRun({ id, owner: "p/1", now: 9 })).toBeUndefined();
      expect(await store.findRun(id)).toMatchObject({ status: "succeeded", ended_at: 8, owner: null, has_notebook: 1 });
    });

    test("a run whose server is gone is queued once, as its next attempt and no retry", async () => {
      const id = await queue(await newRow("taken"));
      await claim(id);
      const taken = await Promise.all([1, 2, 3].map(() => store.requeueRun({ id, owner: "p/1", now: 9 })));
      expect(taken.filter((status) => status === "queued")).toHaveLength(1);
      expect(await claim(id, "q/1")).toBe(2);
      expect(await store.findRun(id)).toMatchObject({ attempt: 2, retries_used: 0 });
      expect(await end(id)).toBeUndefined(); // the old server's word comes too late
    });

    test("a failure is tried again as often as its job says, later each time", async () => {
      const id = await queue(await newRow("retried", { retries: 2, retryDelaySeconds: 10 }));
      const dues: unknown[] = [];
      for (const attempt of [1, 2, 3]) {
        expect(await claim(id)).toBe(attempt);
        const ended = await end(id, { attempt, status: "failed", failure: '{"name":"E","message":"m"}' });
        dues.push([ended!.status, ended!.dueAt]);
      }
      expect(dues).toEqual([["queued", 10_008], ["queued", 20_008], ["failed", null]]); // biome-ignore format: a table
      expect((await store.findRun(id))!.failure).toContain("E");
    });

    test("the end of a diamond is queued once, when both before it have succeeded at the same time", async () => {
      const root = await newRow("d-root");
      const [left, right] = [
        await newRow("d-left", { after: ["d-root"] }),
        await newRow("d-right", { after: ["d-root"] }),
      ];
      const last = await newRow("d-end", { after: ["d-left", "d-right"] });
      const chain = await queue(root);
      await claim(chain);
      const { queued } = (await end(chain))!;
      expect(queued).toHaveLength(2);
      expect(await runsOf(last)).toEqual([]);
      for (const id of queued) await claim(id);
      const ends = await Promise.all(queued.map((id) => end(id)));
      expect(ends.flatMap((ended) => ended!.queued)).toHaveLength(1);
      const runs = [...(await runsOf(left)), ...(await runsOf(right)), ...(await runsOf(last))];
      expect(runs.map((run) => [run.chain, run.cause, run.turn])).toEqual(Array(3).fill([chain, "after", 1]));
    });

    test("a failure leaves out what comes after it and names it; the run again in its chain goes on with it", async () => {
      const first = await newRow("f-first");
      const second = await newRow("f-second", { after: ["f-first"] });
      await newRow("f-third", { after: ["f-second"] });
      const chain = await queue(first);
      await claim(chain);
      expect(await end(chain, { status: "failed" })).toMatchObject({ queued: [], leftOut: ["f-second", "f-third"] });
      const again = await queue(first, chain);
      await claim(again);
      const { queued } = (await end(again))!;
      expect((await runsOf(second)).map(({ id, chain: its }) => [id, its])).toEqual([[queued[0], chain]]);
    });

    test("what is queued is stopped at once, what runs is asked to, what has ended stays", async () => {
      const job = await newRow("stopped", { overlap: "parallel", retries: 3 });
      const [queued, running] = [await queue(job), await queue(job)];
      await claim(running);
      expect(await store.stopRun(queued, 9)).toBe("stopped");
      expect(await store.stopRun(running, 9)).toBe("running");
      expect(await end(running, { status: "failed" })).toMatchObject({ status: "failed" }); // not tried again
      expect(await store.stopRun(running, 9)).toBe("failed");
      const interrupted = await queue(job);
      await claim(interrupted);
      await store.stopRun(interrupted, 9);
      expect(await store.requeueRun({ id: interrupted, owner: "p/1", now: 9 })).toBe("stopped");
    });

    test("of many servers that see a schedule's time come, one queues its run", async () => {
      const job = await newRow("timed");
      await store.updateJob(job.id, { next_due: 50 });
      const fire = () => {
        const id = timeOrderedUuid();
        const row = { id, job_id: job.id, chain: id, cause: "schedule", chained: 1, parameters: "{}", queued_at: 60 };
        return store.fireSchedule({ due: 50, next: 110, row: { ...row, ...owned } });
      };
      expect((await Promise.all([fire(), fire(), fire()])).filter(Boolean)).toEqual(["queued"]);
      expect(await runsOf(job)).toHaveLength(1);
      expect((await store.findJob("default", "timed"))!.next_due).toBe(110);
    });

    test("leases are renewed for who has them", async () => {
      const id = await queue(await newRow("leased"));
      await claim(id);
      expect(await store.renewRuns({ ids: [id, "none"], owner: "p/1", leaseUntil: 500 })).toEqual([id]);
      expect(await store.renewRuns({ ids: [id], owner: "q/1", leaseUntil: 900 })).toEqual([]);
      expect((await store.findRun(id))!.lease_until).toBe(500);
    });

    test("the newest runs are kept; a job with one that has not ended is not deleted", async () => {
      const job = await newRow("kept");
      const ids: string[] = [];
      for (let i = 0; i < 4; i++) {
        const id = await queue(job);
        ids.push(id);
        await claim(id);
        await end(id);
      }
      expect((await store.pruneRuns(job.id, 2)).sort()).toEqual(ids.slice(0, 2));
      const open = await queue(job);
      expect(await store.deleteJob(job.id)).toBeUndefined();
      await store.stopRun(open, 9);
      expect((await store.deleteJob(job.id))!.sort()).toEqual([...ids.slice(2), open].sort());
      expect(await store.findJob("default", "kept")).toBeUndefined();
    });

    test("lists are by filter and page, latest first, each job's last run with it", async () => {
      const job = await newRow("listed", { overlap: "parallel" });
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.unshift(await queue(job));
      const page = await store.listRuns(
        "default",
        { jobId: job.id, statuses: ["queued"] },
        { after: ids[1], limit: 2 },
      );
      expect(page.map(({ id }) => id)).toEqual(ids.slice(2, 4));
      expect((await store.lastRuns([job.id])).map(({ id, job_name }) => [id, job_name])).toEqual([[ids[0], "listed"]]);
      expect(await store.lastRuns([])).toEqual([]);
    });
  });
}
