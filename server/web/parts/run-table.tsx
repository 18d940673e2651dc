// Runs of jobs, latest first: state, progress, duration. A row leads to its run.
import { Link } from "@tanstack/react-router";
import type { JobRun } from "../../../lib/contract/job.ts";
import { Elapsed } from "./elapsed.tsx";
import row from "./row-link.module.css";
import styles from "./run-table.module.css";
import { hasEnded } from "./run-updates.ts";
import { JobRunState } from "./states.tsx";
import table from "./table.module.css";
import { When } from "./when.tsx";

export interface RunTableProps {
  readonly runs: readonly JobRun[];
  /** Without the job's name, on the job's own page. */
  readonly ofOneJob?: boolean;
  /** Without why it ran, where there is little room. */
  readonly narrow?: boolean;
}

export function RunTable({ runs, ofOneJob = false, narrow = false }: RunTableProps) {
  return (
    <section className={`${table.scroll} ${styles.bare}`} aria-label="Job runs">
      <table className={table.table}>
        <thead>
          <tr>
            <th>{ofOneJob ? "Run" : "Job"}</th>
            <th>State</th>
            <th className={styles.extra}>Cells</th>
            <th className={`${table.number} ${styles.took}`}>Took</th>
            {!narrow && <th className={styles.extra}>Why</th>}
            <th className={table.number}>Queued</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id} className={row.row}>
              <td className={ofOneJob ? undefined : styles.job} title={ofOneJob ? undefined : run.job}>
                <Link className={row.link} to="/job-runs/$id" params={{ id: run.id }}>
                  {ofOneJob ? <code>{run.id.slice(-7)}</code> : run.job}
                </Link>
              </td>
              <td>
                <JobRunState status={run.status} />
              </td>
              <td className={styles.extra}>{run.cells > 0 ? `${run.ran} of ${run.cells}` : "–"}</td>
              <td className={`${table.number} ${styles.took}`}>
                {run.startedAt === undefined ? (
                  "–"
                ) : (
                  <Elapsed from={run.startedAt} to={hasEnded(run) ? (run.endedAt ?? run.startedAt) : undefined} />
                )}
              </td>
              {!narrow && <td className={styles.extra}>{causeOf(run)}</td>}
              <td className={table.number}>
                <When time={run.queuedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Why a run came to be, in words. */
export function causeOf({ cause, attempt }: Pick<JobRun, "cause" | "attempt">): string {
  const words = {
    manual: "by hand",
    schedule: "by schedule",
    after: "after another job",
    retry: "again",
    "first-start": "first start",
  };
  return attempt > 1 ? `${words[cause]}, attempt ${attempt}` : words[cause];
}
