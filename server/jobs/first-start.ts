// The example pipeline as jobs: one a notebook that is there, each after the one before. Started once as a chain; what did not
// get through goes on in the same chain.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Job, type JobRun, newJob } from "../../lib/contract/job.ts";
import type { Principal } from "../auth/principal.ts";
import { AlreadyExistsError } from "../errors.ts";
import type { JobService } from "./service.ts";
import type { JobStore } from "./store.ts";

export interface FirstStartState {
  /** `none`: the project has no such notebooks. `offered`: they have not been run here as a pipeline. */
  readonly state: "none" | "offered" | "running" | "done" | "failed";
  readonly chain?: string;
  /** All of the pipeline, in its order, made or not. */
  readonly jobs: readonly { readonly name: string; readonly file: string }[];
  /** The latest of each job, in the pipeline's order. */
  readonly runs: readonly JobRun[];
}

export interface FirstStart {
  state(by: Principal): Promise<FirstStartState>;
  /** Makes the jobs that are missing; begins a chain, or goes on with one that did not get through. */
  start(by: Principal): Promise<FirstStartState>;
}

export interface FirstStartParts {
  readonly service: JobService;
  readonly store: JobStore;
  /** The project's folder. */
  readonly project: string;
}

const pipeline = [
  "0_bootstrap",
  "1_data_ingest",
  "2_data_exploration",
  "3_model_building",
  "5_model_serve",
  "7a_ops_simulation",
  "7b_ops_visual",
];
/** Made too, to be run when wanted. */
const beside = ["6_application"];

export function createFirstStart({ service, store, project }: FirstStartParts): FirstStart {
  const notebooksOf = (names: readonly string[]): string[] =>
    names.filter((name) => existsSync(join(project, fileOf(name))));

  async function state(by: Principal): Promise<FirstStartState> {
    const jobs = notebooksOf(pipeline).map((name) => ({ name: jobNameOf(name), file: fileOf(name) }));
    const names = jobs.map(({ name }) => name);
    if (jobs.length === 0) return { state: "none", jobs, runs: [] };
    const chain = await store.latestChain(by.project, "first-start");
    if (chain === undefined) return { state: "offered", jobs, runs: [] };
    const { items } = await service.listRuns(by, { chain, pageSize: 1000 });
    const runs = names.flatMap((name) => items.find(({ job }) => job === name) ?? []); // latest first
    return { state: stateOf(names, runs), chain, jobs, runs };
  }

  async function start(by: Principal): Promise<FirstStartState> {
    const now = await state(by);
    if (now.state === "none" || now.state === "running") return now;
    const names = await makeJobs(by);
    const next = now.state === "failed" ? nextIn(names, now.runs) : undefined;
    if (next === undefined || now.chain === undefined)
      await service.createRun(by, names[0]!, { parameters: {}, chain: true }, "first-start");
    else await service.continueChain(by, next, now.chain);
    return state(by);
  }

  /** @returns the names of the pipeline's jobs */
  async function makeJobs(by: Principal): Promise<string[]> {
    const names: string[] = [];
    for (const name of notebooksOf(pipeline)) {
      await makeJob(by, name, names.slice(-1));
      names.push(jobNameOf(name));
    }
    for (const name of notebooksOf(beside)) await makeJob(by, name, []);
    return names;
  }

  async function makeJob(by: Principal, name: string, after: readonly string[]): Promise<void> {
    const job = newJob.parse({ name: jobNameOf(name), file: fileOf(name), after });
    try {
      await service.createJob(by, job);
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error; // as its owner has changed it since
    }
  }

  return { state, start };
}

/** The first job of the pipeline that has not succeeded; those after it follow by themselves. */
function nextIn(names: readonly string[], runs: readonly JobRun[]): string | undefined {
  return names.find((name) => !runs.some(({ job, status }) => job === name && status === "succeeded"));
}

function stateOf(names: readonly string[], runs: readonly JobRun[]): FirstStartState["state"] {
  if (runs.some(({ status }) => status === "queued" || status === "running")) return "running";
  return nextIn(names, runs) === undefined ? "done" : "failed";
}

function fileOf(name: string): string {
  return `notebooks/${name}.ipynb`;
}

/** `7a_ops_simulation` → `7a-ops-simulation`. */
export function jobNameOf(notebook: string): Job["name"] {
  return notebook.toLowerCase().replaceAll("_", "-");
}
