// The client of jobs against a real server, as a notebook uses it: by the environment's URL and token.
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createJob,
  createJobRun,
  currentJobRun,
  deleteJob,
  getJob,
  getJobRun,
  listJobRuns,
  listJobs,
  stopJobRun,
  updateJob,
  waitForJobRun,
} from "../../../lib/index.ts";
import { JobServer } from "../../server/jobs/job-server.ts";

describe("jobs from a notebook", { timeout: 60_000 }, () => {
  let server: JobServer;
  beforeAll(async () => {
    server = new JobServer();
    server.write("ok.mjs", "");
    server.write("waits.mjs", "setInterval(() => {}, 1000);");
    await server.start();
    vi.stubEnv("CELLWRIGHT_URL", server.running.url);
    vi.stubEnv("CELLWRIGHT_TOKEN", server.running.token);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server[Symbol.asyncDispose]();
  });

  test("a job is made, changed, found and deleted", async () => {
    await createJob({ name: "made", file: "ok.mjs" });
    expect(await updateJob("made", { retries: 2 })).toMatchObject({ name: "made", retries: 2 });
    expect((await getJob("made")).retries).toBe(2);
    expect((await listJobs()).map(({ name }) => name)).toEqual(["made"]);
    await expect(createJob({ name: "made", file: "ok.mjs" })).rejects.toMatchObject({ status: 409 });
    await deleteJob("made");
    await expect(getJob("made")).rejects.toMatchObject({ status: 404 });
  });

  test("a run is waited for, another is stopped; a wait ends when it is too long, the run does not", async () => {
    await createJob({ name: "quick", file: "ok.mjs" });
    await createJob({ name: "long", file: "waits.mjs" });
    const quick = await waitForJobRun((await createJobRun("quick")).id, { everyMs: 50 });
    expect(quick.status).toBe("succeeded");
    const { id } = await createJobRun("long");
    await expect(waitForJobRun(id, { everyMs: 20, timeoutMs: 60 })).rejects.toThrow(
      /Cannot wait longer for run .* long/,
    );
    await stopJobRun(id);
    expect((await waitForJobRun(id, { everyMs: 50 })).status).toBe("stopped");
    expect(await getJobRun(id)).toMatchObject({ job: "long", status: "stopped" });
    expect((await listJobRuns({ status: ["stopped", "failed"] })).map((run) => run.id)).toEqual([id]);
    expect((await listJobRuns({ job: "quick" })).map((run) => run.id)).toEqual([quick.id]);
  });

  test("which run one is in is what the environment says", () => {
    expect(currentJobRun()).toBeUndefined();
    vi.stubEnv("CELLWRIGHT_JOB_RUN", "01a2");
    expect(currentJobRun()).toBe("01a2");
  });
});
