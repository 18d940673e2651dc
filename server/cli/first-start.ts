// The first start of a project: the example pipeline runs as jobs, one after the other, and the terminal shows how far they are.
// What did not get through goes on at the next start, in the same chain of runs.
import type { JobRun } from "../../lib/contract/job.ts";
import type { RunningServer } from "../app.ts";
import { owner } from "../auth/service.ts";
import type { FirstStartState } from "../jobs/first-start.ts";
import { type JobProgress, jobProgress } from "./job-progress.ts";
import { note, paint } from "./output.ts";

/**
 * Starts what is left of the pipeline and waits for its end; nothing where it has run, where models were made without it, where
 * somebody stopped it, or where the project has no such notebooks.
 *
 * @param page where a browser shows the same
 */
export async function firstStart(server: RunningServer, page: string, stopping: AbortSignal): Promise<void> {
  const pipeline = server.jobs.firstStart;
  const found = await pipeline.state(owner);
  if (!isWanted(found, server.wasEmpty)) return;
  const { jobs, chain } = await pipeline.start(owner);
  const begun = found.state === "offered" ? "first start" : "the first start goes on";
  note(`${begun}: ${jobs.length} notebooks, then the model answers. Watch them: ${page}`);
  const progress = jobProgress(Math.max(...jobs.map(({ file }) => file.length)));
  await showUntilEnded(server, chain!, progress, stopping);
  progress.end();
  if (stopping.aborted) return;
  const { runs, state } = await pipeline.state(owner);
  const failed = runs.find(({ status }) => status !== "succeeded");
  if (state === "failed" && failed) tellFailure(failed);
}

function isWanted({ state, runs }: FirstStartState, wasEmpty: boolean): boolean {
  if (state === "offered") return wasEmpty;
  return state === "running" || (state === "failed" && !runs.some(({ status }) => status === "stopped"));
}

function showUntilEnded(
  { jobs: { firstStart: pipeline, service } }: RunningServer,
  chain: string,
  progress: JobProgress,
  stopping: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = service.subscribe(owner, (event) => {
      if (event.type !== "run" || event.run.chain !== chain) return;
      progress.show(event.run);
      if (event.run.status !== "queued" && event.run.status !== "running") look();
    });
    const leave = (): void => {
      end();
      resolve();
    };
    const look = (): void => {
      pipeline.state(owner).then(
        ({ state, runs }) => {
          for (const run of [...runs]) progress.show(run);
          if (state !== "running") leave();
        },
        (error: unknown) => (stopping.aborted ? leave() : reject(error)),
      );
    };
    stopping.addEventListener("abort", leave, { once: true });
    if (stopping.aborted) leave();
    look();
  });
}

function tellFailure({ file, status, failure }: JobRun): void {
  const where = failure?.cell === undefined ? file : `${file}, ${failure.cell}`;
  const why = failure ? `${failure.name}: ${failure.message}` : status;
  note(`${paint("✖", 31)} ${where}: ${why}`);
  note("The server goes on without it; the next start tries again.");
}
