// What is told to those who watch runs while they happen: each run's state to all, its cells and log to who looks at it.
import type { JobCell, JobEvent, JobRun } from "../../lib/contract/job.ts";

export type JobListener = (event: JobEvent) => void;

export interface JobEvents {
  runChanged(project: string, run: JobRun): void;
  cellChanged(run: string, cell: JobCell): void;
  /** @param end bytes of the log up to here */
  logged(run: string, text: string, end: number): void;
  /** Runs of a project. @returns ends the subscription */
  subscribe(project: string, listener: JobListener): () => void;
  /** One run, with its cells and log. @returns ends the subscription */
  subscribeRun(run: string, listener: JobListener): () => void;
}

export function createJobEvents(): JobEvents {
  const projects = new Map<string, Set<JobListener>>();
  const runs = new Map<string, Set<JobListener>>();

  const tell = (listeners: ReadonlySet<JobListener> | undefined, event: JobEvent): void => {
    for (const listener of listeners ?? []) listener(event);
  };

  return {
    runChanged(project, run) {
      const event: JobEvent = { type: "run", run };
      tell(projects.get(project), event);
      tell(runs.get(run.id), event);
    },
    cellChanged: (run, cell) => tell(runs.get(run), { type: "cell", run, cell }),
    logged: (run, text, end) => tell(runs.get(run), { type: "log", run, text, end }),
    subscribe: (project, listener) => add(projects, project, listener),
    subscribeRun: (run, listener) => add(runs, run, listener),
  };
}

function add(map: Map<string, Set<JobListener>>, key: string, listener: JobListener): () => void {
  const listeners = map.get(key) ?? new Set();
  map.set(key, listeners.add(listener));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && map.get(key) === listeners) map.delete(key);
  };
}
