// Jobs over HTTP with real processes: notebooks and scripts, progress, log, the executed notebook, and what is refused.
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Job, JobCell, JobRun } from "../../../lib/contract/job.ts";
import { until } from "../app/processes.ts";
import { JobServer } from "./job-server.ts";

const counting = [
  { id: "knobs", source: "const n = 2;\nconst name = 'nobody';", tags: ["parameters"] },
  { id: "count", source: "for (let i = 1; i <= n; i++) console.log(name, i);" },
  { id: "shows", source: "process.env.CELLWRIGHT_JOB_RUN" },
];

describe("jobs", { timeout: 60_000 }, () => {
  let server: JobServer;
  beforeAll(async () => {
    server = new JobServer();
    server.write("notebooks/count.ipynb", counting);
    server.write("notebooks/fails.ipynb", [
      { id: "first", source: "const x = 1;" },
      { id: "breaks", source: 'throw new TypeError("no such column");' },
      { id: "never", source: "x" },
    ]);
    server.write("scripts/tax.ts", "export const tax = (net: number): number => net * 0.19;");
    server.write(
      "scripts/report.ts",
      `import { mean } from "cellwright";\nimport { tax } from "./tax.ts";
       console.log(JSON.stringify([process.argv.slice(2), tax(100), typeof mean, process.env.PLACE, process.cwd()]));`,
    );
    server.write("scripts/plain.mjs", 'console.log("ran"); process.exit(Number(process.argv[2] ?? 0));');
    await server.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test("a notebook runs with its parameters, tells how far it is, and is kept as executed", async () => {
    await server.createJob({ name: "count", file: "notebooks/count.ipynb", parameters: { name: "Ann" } });
    const queued = await server.run("count", { parameters: { n: 3 } });
    expect(queued).toMatchObject({ job: "count", status: "queued", attempt: 1, cause: "manual", chain: queued.id });
    expect(queued.parameters).toEqual({ name: "Ann", n: 3 });
    const run = await server.ended(queued.id);
    expect(run).toMatchObject({ status: "succeeded", cells: 4, ran: 4, notebook: true });
    expect(run.endedAt).toBeGreaterThanOrEqual(run.startedAt!);
    expect(await server.log(run.id)).toMatch(/Ann 1\nAnn 2\nAnn 3\n[\s\S]*── succeeded/);
    expect(await server.log(run.id)).toContain(run.id); // the cell that shows CELLWRIGHT_JOB_RUN

    const cells = await server.api<{ items: JobCell[] }>("GET", `/api/v2/job-runs/${run.id}/cells`);
    expect(cells.body.items.map(({ id, status }) => [id, status])).toEqual(
      ["knobs", "injected-parameters", "count", "shows"].map((id) => [id, "ok"]),
    );
    const kept = await server.api<string>("GET", `/api/v2/job-runs/${run.id}/notebook`);
    expect(kept.headers.get("content-disposition")).toBe("attachment; filename=count.ipynb");
    expect(JSON.stringify(kept.body)).toContain("Ann 3");
    const page = await server.api<string>("GET", `/api/v2/job-runs/${run.id}/html`);
    expect(page.headers.get("content-security-policy")).toMatch(/^sandbox allow-scripts(?!.*allow-same-origin)/);
    expect(page.body).toContain("Ann 3");
    const job = await server.api<Job>("GET", "/api/v2/jobs/count");
    expect(job.body.lastRun).toEqual(run);
  });

  test("a log is read on from where its reader was", async () => {
    const [run] = await server.runs("job=count");
    const whole = await server.api<string>("GET", `/api/v2/job-runs/${run!.id}/log`);
    const end = Number(whole.headers.get("x-log-end"));
    expect(end).toBe(Buffer.byteLength(whole.body));
    expect(await server.log(run!.id, end)).toBe("");
    expect(await server.log(run!.id, 5)).toBe(whole.body.slice(5));
  });

  test("a failure names its cell, and its job stays", async () => {
    await server.createJob({ name: "fails", file: "notebooks/fails.ipynb" });
    const run = await server.ended((await server.run("fails")).id);
    expect(run).toMatchObject({
      status: "failed",
      cells: 3,
      ran: 1,
      failure: { cell: "cell 2 of 3 (breaks)", name: "TypeError", message: "no such column" },
    });
    expect(run.failure!.code).toContain("throw new TypeError");
  });

  test("a TypeScript job brings its modules along and finds packages; it gets arguments and environment", async () => {
    const job = { name: "report", file: "scripts/report.ts", arguments: ["a b"], environment: { PLACE: "Ulm" } };
    await server.createJob(job);
    const run = await server.ended((await server.run("report")).id);
    const printed = JSON.parse((await server.log(run.id)).split("\n")[0]!);
    expect(printed.slice(0, 4)).toEqual([["a b"], 19, expect.any(String), "Ulm"]);
    expect(run).toMatchObject({ status: "succeeded", cells: 0, notebook: false });
  });

  test("a script that ends with another code than 0 has failed and says it", async () => {
    await server.createJob({ name: "code-3", file: "scripts/plain.mjs", arguments: ["3"] });
    const run = await server.ended((await server.run("code-3")).id);
    expect(run).toMatchObject({ status: "failed", failure: { name: "ProcessEnded" } });
    expect(run.failure!.message).toBe("it ended with exit code 3\nran");
  });

  test("events tell every state, and of one run its cells and its log, too", async () => {
    using stop = Object.assign(new AbortController(), { [Symbol.dispose]: () => stop.abort() });
    const all = await server.follow("/api/v2/job-runs/events", stop.signal);
    const { id } = await server.run("count");
    const one = await server.follow(`/api/v2/job-runs/${id}/events`, stop.signal);
    await server.ended(id);
    const last = (events: typeof all) => events.findLast((event) => event.type === "run")?.run.status;
    await until(() => last(all) === "succeeded" && last(one) === "succeeded");
    expect(one[0]).toMatchObject({ type: "run", run: { id } });
    const states = all.flatMap((event) => (event.type === "run" && event.run.id === id ? [event.run.status] : []));
    expect([...new Set(states)]).toEqual(["queued", "running", "succeeded"]);
    const ok = one.flatMap((event) => (event.type === "cell" && event.cell.status === "ok" ? [event.cell.id] : []));
    expect([...new Set(ok)]).toEqual(["knobs", "injected-parameters", "count", "shows"]);
    const text = one.flatMap((event) => (event.type === "log" ? [event.text] : [])).join("");
    expect(await server.log(id)).toContain(text);
    expect(text).toContain("Ann 2");
  });

  test("what cannot run is refused when it is asked for, by name", async () => {
    const create = async (job: object) => {
      const { status, body } = await server.api<{ error: { message: string } }>("POST", "/api/v2/jobs", job);
      return `${status} ${body.error?.message}`;
    };
    const count = { name: "refused", file: "notebooks/count.ipynb" };
    expect(await create({ ...count, name: "count" })).toMatch(/^409 .*"count"/);
    expect(await create({ ...count, name: "No Name" })).toMatch(/^400 .*name/);
    expect(await create({ ...count, file: "notebooks/none.ipynb" })).toMatch(/^400 .*none\.ipynb.*no such file/);
    expect(await create({ ...count, file: "notebooks" })).toMatch(/^400 .*another kind/);
    expect(await create({ ...count, file: "../outside.ipynb" })).toMatch(/^400 .*outside the project/);
    expect(await create({ ...count, file: "/etc/passwd.js" })).toMatch(/^400 .*absolute/);
    expect(await create({ ...count, parameters: { m: 1, k: 2 } })).toMatch(/^400 .*"m", "k".*expected n, name/);
    expect(await create({ ...count, arguments: ["x"] })).toMatch(/^400 .*arguments.*parameters instead/);
    expect(await create({ ...count, schedule: { cron: "61 * * * *" } })).toMatch(
      /^400 .*61 \* \* \* \*.*five cron fields/,
    );
    expect(await create({ ...count, schedule: { cron: "* * * * * *" } })).toMatch(/^400 .*five/);
    expect(await create({ ...count, schedule: { cron: "0 0 31 2 *" } })).toMatch(/^400 .*never comes/);
    expect(await create({ ...count, schedule: { cron: "0 3 * * *", timeZone: "Mars/Base" } })).toMatch(
      /^400 .*Mars\/Base/,
    );
    expect(await create({ ...count, after: ["nobody"] })).toMatch(/^400 .*"nobody"/);
    expect(await create({ ...count, after: ["refused"] })).toMatch(/^400 .*circle refused ← refused/);
    expect(await create({ name: "refused", file: "scripts/plain.mjs", parameters: { n: 1 } })).toMatch(
      /^400 .*arguments/,
    );
    const run = await server.api<{ error: { message: string } }>("POST", "/api/v2/jobs/count/runs", {
      parameters: { m: 1 },
    });
    expect([run.status, run.body.error.message]).toEqual([400, expect.stringMatching(/"m".*expected n, name/)]);
  });

  test("a link out of the project is refused", async () => {
    const outside = join(server.home, "..", `outside-${process.pid}`);
    mkdirSync(outside, { recursive: true });
    symlinkSync(outside, join(server.settings.project, "linked"));
    server.write("linked/out.mjs", "");
    const { status, body } = await server.api<{ error: { message: string } }>("POST", "/api/v2/jobs", {
      name: "linked",
      file: "linked/out.mjs",
    });
    expect([status, body.error.message]).toEqual([400, expect.stringContaining("outside the project")]);
  });

  test("a change closes no circle, and is kept", async () => {
    await server.createJob({ name: "one", file: "scripts/plain.mjs" });
    await server.createJob({ name: "two", file: "scripts/plain.mjs", after: ["one"] });
    const circle = await server.api<{ error: { message: string } }>("PATCH", "/api/v2/jobs/one", { after: ["two"] });
    expect([circle.status, circle.body.error.message]).toEqual([400, expect.stringContaining("one ← two ← one")]);
    const changed = await server.api<Job>("PATCH", "/api/v2/jobs/one", {
      description: "first",
      schedule: { cron: "0 3 * * *", timeZone: "Europe/Berlin" },
    });
    expect(changed.body).toMatchObject({ description: "first", file: "scripts/plain.mjs" });
    expect(changed.body.nextRunAt).toBeGreaterThan(Date.now());
    const off = await server.api<Job>("PATCH", "/api/v2/jobs/one", { schedule: null });
    expect(off.body.nextRunAt).toBeUndefined();
  });

  test("a deleted job takes its runs and folders along; one with jobs after it stays", async () => {
    const remove = (name: string) => server.api<JobRun>("DELETE", `/api/v2/jobs/${name}`);
    const [run] = await server.runs("job=fails");
    const folder = join(server.home, "jobs", run!.id);
    expect(existsSync(folder)).toBe(true);
    expect((await remove("fails")).status).toBe(204);
    expect(existsSync(folder)).toBe(false);
    expect((await server.api("GET", `/api/v2/job-runs/${run!.id}`)).status).toBe(404);
    expect((await remove("one")).status).toBe(409);
    expect((await remove("two")).status).toBe(204);
    expect((await remove("one")).status).toBe(204);
  });

  test("pages go on after the last one, newest first", async () => {
    const first = await server.api<{ items: JobRun[]; next_page_token: string }>("GET", "/api/v2/job-runs?page_size=2");
    const next = await server.api<{ items: JobRun[] }>(
      "GET",
      `/api/v2/job-runs?page_size=2&page_token=${first.body.next_page_token}`,
    );
    const ids = [...first.body.items, ...next.body.items].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort().reverse());
    expect((await server.runs("status=failed")).every(({ status }) => status === "failed")).toBe(true);
  });
});
