// What the pages of jobs, applications and Home work out before they draw. Long, for it is a list of cases.
import { describe, expect, test } from "vitest";
import type { Application } from "../../../lib/contract/application.ts";
import type { Job, JobRun } from "../../../lib/contract/job.ts";
import type { Model } from "../../../lib/contract/model.ts";
import { readApplication } from "../../../server/web/pages/applications/application-form.ts";
import { pipelineSteps, sumOfSteps } from "../../../server/web/pages/home/pipeline-steps.ts";
import { verdictOf } from "../../../server/web/pages/home/verdict.ts";
import { emptyJob, fieldOfRefusal, fieldsOf, readJob } from "../../../server/web/pages/jobs/job-form.ts";
import { layJobs } from "../../../server/web/pages/jobs/job-layers.ts";
import { scheduleWords } from "../../../server/web/pages/jobs/schedule-words.ts";
import { shownJobs } from "../../../server/web/pages/jobs/shown-jobs.ts";
import { ApiError } from "../../../server/web/parts/api.ts";
import { parseJobsSearch } from "../../../server/web/parts/jobs-search.ts";
import { noLines, tailOf, withText } from "../../../server/web/parts/log-lines.ts";
import { duration } from "../../../server/web/parts/numbers.ts";
import { jobsWithRun, withCell, withRun } from "../../../server/web/parts/run-updates.ts";

function jobOf(name: string, rest: Partial<Job> = {}): Job {
  return {
    id: name,
    crn: `crn:${name}`,
    name,
    file: `notebooks/${name}.ipynb`,
    description: "",
    parameters: {},
    arguments: [],
    environment: {},
    kernel: "cellwright",
    timeoutSeconds: null,
    retries: 0,
    retryDelaySeconds: 10,
    overlap: "queue",
    schedule: null,
    after: [],
    createdAt: 0,
    updatedAt: 0,
    ...rest,
  };
}

function runOf(job: string, rest: Partial<JobRun> = {}): JobRun {
  return {
    id: `run-of-${job}`,
    crn: "crn",
    job,
    file: `notebooks/${job}.ipynb`,
    chain: "chain",
    cause: "manual",
    status: "running",
    attempt: 1,
    parameters: {},
    queuedAt: 1000,
    cells: 4,
    ran: 1,
    notebook: false,
    logBytes: 0,
    ...rest,
  };
}

describe("a schedule in words", () => {
  test("the patterns people use are told in words", () => {
    const told = (cron: string) => scheduleWords({ cron, timeZone: "UTC" });
    expect(told("* * * * *")).toBe("every minute");
    expect(told("*/5 * * * *")).toBe("every 5 minutes");
    expect(told("0 * * * *")).toBe("every hour");
    expect(told("0 */6 * * *")).toBe("every 6 hours");
    expect(told("30 2 * * *")).toBe("every day at 02:30 (UTC)");
    expect(told("0 9 * * 1-5")).toBe("Mondays to Fridays at 09:00 (UTC)");
    expect(told("0 9 * * mon,thu")).toBe("Mondays and Thursdays at 09:00 (UTC)");
    expect(told("0 9 * * 7")).toBe("Sundays at 09:00 (UTC)");
    expect(told("15 4 1 * *")).toBe("on day 1 of every month at 04:15 (UTC)");
  });

  test("any other pattern stands as it is", () => {
    expect(scheduleWords({ cron: "0 9 1-7 * 1", timeZone: "Europe/Berlin" })).toBe("0 9 1-7 * 1 (Europe/Berlin)");
    expect(scheduleWords({ cron: "0 9 * * 1-x", timeZone: "UTC" })).toBe("0 9 * * 1-x (UTC)");
  });
});

describe("the table of jobs", () => {
  const jobs = [jobOf("b-10", { nextRunAt: 5 }), jobOf("b-9", { lastRun: runOf("b-9") }), jobOf("a")];

  test("is sorted by name, last run or next run, either way", () => {
    const names = (search: object) => shownJobs(jobs, parseJobsSearch({ ...search })).map(({ name }) => name);
    expect(names({})).toEqual(["a", "b-9", "b-10"]);
    expect(names({ down: true })).toEqual(["b-10", "b-9", "a"]);
    expect(names({ sort: "last" })).toEqual(["b-9", "a", "b-10"]);
    expect(names({ sort: "next" })).toEqual(["b-10", "a", "b-9"]);
    expect(names({ find: "B-1" })).toEqual(["b-10"]);
  });

  test("an address that means nothing shows all of them", () => {
    expect(parseJobsSearch({ sort: "toString", down: "yes", find: "" })).toEqual({});
  });
});

describe("the drawing of dependent jobs", () => {
  test("a job stands right of all it comes after; jobs without a bond are left out", () => {
    const { placed, edges, columns, rows } = layJobs([
      jobOf("d", { after: ["b", "c"] }),
      jobOf("b", { after: ["a"] }),
      jobOf("c", { after: ["a"] }),
      jobOf("a"),
      jobOf("alone"),
    ]);
    expect(placed).toEqual([
      { name: "a", column: 0, row: 0 },
      { name: "b", column: 1, row: 0 },
      { name: "c", column: 1, row: 1 },
      { name: "d", column: 2, row: 0 },
    ]);
    expect(edges.map(({ from, to }) => `${from.name}${to.name}`)).toEqual(["ab", "ac", "bd", "cd"]);
    expect([columns, rows]).toEqual([3, 2]);
  });

  test("a job that comes after one that is gone is drawn without it", () => {
    expect(layJobs([jobOf("b", { after: ["gone"] })]).edges).toEqual([]);
  });
});

describe("the form of a job", () => {
  test("fields become a job, and a job becomes fields", () => {
    const fields = { ...emptyJob(), name: "nightly", file: "a.ipynb", cron: "0 2 * * *", timeZone: "Europe/Berlin" };
    const { job, errors } = readJob({ ...fields, parameters: '{"rows": 5}', timeoutSeconds: "60", after: ["a"] });
    expect(errors).toEqual({});
    expect(job).toMatchObject({
      name: "nightly",
      parameters: { rows: 5 },
      schedule: { cron: "0 2 * * *", timeZone: "Europe/Berlin" },
      timeoutSeconds: 60,
      after: ["a"],
    });
    expect(fieldsOf(jobOf("x", { timeoutSeconds: 5, schedule: { cron: "* * * * *", timeZone: "UTC" } }))).toMatchObject(
      { name: "x", timeoutSeconds: "5", cron: "* * * * *", timeZone: "UTC", parameters: "{}" },
    );
  });

  test("what is wrong is said at its field", () => {
    const { errors } = readJob({ ...emptyJob(), name: "Not a name", retries: "many" });
    expect(Object.keys(errors).sort()).toEqual(["file", "name", "retries"]);
    expect(readJob({ ...emptyJob(), name: "a", file: "a.ipynb", parameters: "{" }).errors.parameters).toMatch(
      /^Not JSON/,
    );
    expect(readJob({ ...emptyJob(), name: "a", file: "a.ipynb", parameters: "[1]" }).errors.parameters).toMatch(
      /object/,
    );
  });

  test("an environment is a name and a value a line, and comes back so", () => {
    const fields = { ...emptyJob(), name: "nightly", file: "a.ipynb", kernel: "tslab" };
    const { job } = readJob({ ...fields, environment: "STORE=s3://lake\n\n  QUERY=a=b c " });
    expect(job).toMatchObject({ kernel: "tslab", environment: { STORE: "s3://lake", QUERY: "a=b c " } });
    expect(fieldsOf(jobOf("x", { environment: job!.environment! })).environment).toBe("STORE=s3://lake\nQUERY=a=b c ");
    expect(readJob({ ...fields, environment: "two words=1" }).errors).toEqual({
      environment: "Expected NAME=value, found two words=1",
    });
  });

  test("a script has arguments and no parameters", () => {
    const { job } = readJob({ ...emptyJob(), name: "a", file: "a.mjs", parameters: "{", arguments: "--rows\n5\n" });
    expect(job).toMatchObject({ arguments: ["--rows", "5"], parameters: {} });
  });

  test("what the server refuses is said at the field it concerns", () => {
    const field = (code: "bad_request" | "conflict", message: string) => fieldOfRefusal(new ApiError(code, message));
    expect(field("conflict", 'Cannot create job "a": found one with this name, expected a new name')).toBe("name");
    expect(field("bad_request", 'Cannot schedule "x": found ..., expected five cron fields')).toBe("cron");
    expect(field("bad_request", 'Cannot schedule: found the time zone "x"')).toBe("timeZone");
    expect(field("bad_request", 'Cannot run a after "b": found no job of this name')).toBe("after");
    expect(field("bad_request", 'Cannot set "rowz" of a.ipynb: found no such variable')).toBe("parameters");
    expect(field("bad_request", 'Cannot run "a.txt": found a file, expected a notebook (.ipynb) or script')).toBe(
      "file",
    );
    expect(fieldOfRefusal(new ApiError("internal", "Cannot answer"))).toBeUndefined();
  });
});

describe("the form of an application", () => {
  const fields = { name: "churn", file: "a.ts", description: "", environment: "", memoryMb: "512" };

  test("its environment is one NAME=value a line", () => {
    const read = readApplication({ ...fields, environment: "A=1\n\nB=x=y", bypassAuthentication: false });
    expect(read.application?.environment).toEqual({ A: "1", B: "x=y" });
    expect(
      readApplication({ ...fields, environment: "A 1", bypassAuthentication: false }).errors.environment,
    ).toContain('"A 1"');
  });

  test("what is wrong is said at its field", () => {
    const { errors } = readApplication({
      ...fields,
      name: "-",
      file: "",
      memoryMb: "few",
      bypassAuthentication: false,
    });
    expect(Object.keys(errors).sort()).toEqual(["file", "memoryMb", "name"]);
  });
});

describe("the steps of the pipeline", () => {
  const jobs = [
    jobOf("a"),
    jobOf("b", { after: ["a"] }),
    jobOf("c", { after: ["b"] }),
    jobOf("other", { after: ["x"] }),
  ];

  test("runs come first, then what still waits for them", () => {
    const steps = pipelineSteps([runOf("b", { queuedAt: 2000 }), runOf("a", { status: "succeeded" })], jobs);
    expect(steps.map(({ job, run }) => `${job} ${run?.status}`)).toEqual(["a succeeded", "b running", "c undefined"]);
  });

  test("it is over when every step ran, or one failed and nothing runs", () => {
    const done = { status: "succeeded", startedAt: 1, endedAt: 9 } as const;
    const all = pipelineSteps(
      ["a", "b", "c"].map((name, at) => runOf(name, { ...done, queuedAt: at })),
      jobs,
    );
    expect(sumOfSteps(all)).toEqual({ done: 3, of: 3, failed: false, startedAt: 1, endedAt: 9 });
    expect(sumOfSteps(all.slice(0, 2).concat({ job: "c" })).endedAt).toBeUndefined();
    const stuck = pipelineSteps([runOf("a", { status: "failed", startedAt: 1, endedAt: 5 })], jobs);
    expect(sumOfSteps(stuck)).toEqual({ done: 0, of: 3, failed: true, startedAt: 1, endedAt: 5 });
  });
});

describe("news of a run", () => {
  const list = { pages: [{ items: [runOf("a"), runOf("b", { queuedAt: 500 })] }], pageParams: [""] };

  test("replaces the run that is shown and puts a new one first", () => {
    const moved = withRun(list, {}, runOf("b", { queuedAt: 500, ran: 3 }));
    expect(moved.pages[0]!.items.map(({ job, ran }) => `${job}${ran}`)).toEqual(["a1", "b3"]);
    expect(withRun(list, {}, runOf("c", { queuedAt: 2000 })).pages[0]!.items[0]!.job).toBe("c");
  });

  test("leaves a list alone whose filter it does not fit, and takes away what fits no more", () => {
    expect(withRun(list, { job: "a" }, runOf("c", { queuedAt: 2000 }))).toBe(list);
    const failed = withRun(list, { status: "running" }, runOf("a", { status: "failed" }));
    expect(failed.pages[0]!.items.map(({ job }) => job)).toEqual(["b"]);
  });

  test("an older run does not become the last run of its job", () => {
    const jobs = [jobOf("a", { lastRun: runOf("a", { id: "new", queuedAt: 9 }) })];
    expect(jobsWithRun(jobs, runOf("a", { id: "old", queuedAt: 5 }))[0]!.lastRun!.id).toBe("new");
    expect(jobsWithRun(jobs, runOf("a", { id: "newer", queuedAt: 12 }))[0]!.lastRun!.id).toBe("newer");
  });

  test("a cell takes its place by position", () => {
    const cell = (position: number) => ({ position, id: `c${position}`, firstLine: "", status: "waiting" as const });
    const cells = withCell(withCell([cell(1), cell(3)], cell(2)), { ...cell(3), status: "ok" });
    expect(cells.map(({ position, status }) => `${position} ${status}`)).toEqual(["1 waiting", "2 waiting", "3 ok"]);
  });
});

describe("the lines of a log", () => {
  test("text that follows is joined; what is known is not repeated; a gap has to be read", () => {
    const begun = withText(noLines, { text: "one\ntw", end: 6 })!;
    expect(withText(begun, { text: "o\n", end: 8 })!.lines).toEqual(["one", "two", ""]);
    expect(withText(begun, { text: "tw", end: 6 })).toBe(begun);
    expect(withText(begun, { text: "late", end: 30 })).toBeUndefined();
  });

  test("ends are bytes, not characters", () => {
    const begun = withText(noLines, { text: "ä\n", end: 3 })!;
    expect(withText(begun, { text: "€", end: 6 })!.lines).toEqual(["ä", "€"]);
  });

  test("a tail begins with a whole line, and a log of a million lines stays bounded", () => {
    expect(tailOf("rest of a line\nwhole\n", 100, 121)).toEqual({ lines: ["whole", ""], end: 121, cut: true });
    const many = tailOf("x\n".repeat(1_000_000), 0, 2_000_000);
    expect(many.lines.length).toBe(10_000);
    expect(many.cut).toBe(true);
  });

  test("the terminal's colours are left out, and a line written over shows its last state", () => {
    expect(tailOf("\u001b[32mok\u001b[0m\n10 %\r20 %\n", 0, 20).lines).toEqual(["ok", "20 %", ""]);
  });
});

describe("how well everything is", () => {
  const model = { name: "churn", deployment: { status: "deployed", problem: "" } } as Model;
  const application = { name: "shop", status: "running" } as Application;

  test("one sentence says what runs", () => {
    const jobs = [jobOf("a", { lastRun: runOf("a") })];
    expect(verdictOf({ models: [model], jobs, applications: [application] })).toEqual({
      tone: "good",
      word: "All is well",
      sentence: "1 model deployed, 1 application running, 1 job running.",
    });
  });

  test("what needs a look is named", () => {
    const jobs = [jobOf("a", { lastRun: runOf("a", { status: "failed" }) })];
    const { tone, word } = verdictOf({ models: [model], jobs, applications: [{ ...application, status: "failed" }] });
    expect(tone).toBe("bad");
    expect(word).toBe("Look at application shop, job a");
  });

  test("what could not be read is not called well", () => {
    const { tone, word } = verdictOf({ models: [model], jobs: [], applications: undefined });
    expect([tone, word]).toEqual(["warning", "Not all could be read"]);
  });
});

test("durations have two units at most", () => {
  const gap = "\u00a0";
  expect(duration(340)).toBe(`340${gap}ms`);
  expect(duration(4200)).toBe(`4.2${gap}s`);
  expect(duration(200_000)).toBe(`3${gap}min 20${gap}s`);
  expect(duration(60_000)).toBe(`1${gap}min`);
  expect(duration(3_900_000)).toBe(`1${gap}h 5${gap}min`);
});
