// The table of jobs; a head sorts by its column, and by it the other way round when clicked again.
import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconPlayerPlay } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Job } from "../../../../lib/contract/job.ts";
import { Elapsed } from "../../parts/elapsed.tsx";
import type { JobSort, JobsSearch } from "../../parts/jobs-search.ts";
import { counted } from "../../parts/numbers.ts";
import row from "../../parts/row-link.module.css";
import { useRunJob } from "../../parts/run-job.ts";
import { hasEnded } from "../../parts/run-updates.ts";
import { JobRunState } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import { When } from "../../parts/when.tsx";
import styles from "./job-table.module.css";
import { scheduleWords } from "./schedule-words.ts";

export interface JobTableProps {
  readonly jobs: readonly Job[];
  /** All there are. */
  readonly of: number;
  readonly search: JobsSearch;
  onSort(change: JobsSearch): void;
}

export function JobTable({ jobs, of, search, onSort }: JobTableProps) {
  const head = (sort: JobSort, words: string) => (
    <SortHead sort={sort} search={search} onSort={onSort} className={sort === "next" ? styles.extra : undefined}>
      {words}
    </SortHead>
  );
  return (
    <section className={table.scroll} aria-label="Jobs">
      <table className={`${table.table} ${styles.table}`}>
        <thead>
          <tr>
            {head("name", "Job")}
            {head("last", "Last run")}
            <th className={`${table.number} ${styles.extra}`}>Took</th>
            <th className={styles.extra}>When</th>
            {head("next", "Next run")}
            <th>
              <span className={styles.actions}>Run</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </tbody>
        <caption>{jobs.length === of ? counted(of, "job") : `${jobs.length} of ${counted(of, "job")}`}</caption>
      </table>
    </section>
  );
}

function JobRow({ job }: { job: Job }) {
  const { name, file, description, lastRun, nextRunAt } = job;
  const { mutate, isPending } = useRunJob(name);
  return (
    <tr className={row.row}>
      <td>
        <Link className={row.link} to="/jobs/$name" params={{ name }}>
          {name}
        </Link>
        <div className={row.description} title={description}>
          {file}
        </div>
      </td>
      <td>
        {lastRun ? (
          <span className={styles.last}>
            <JobRunState status={lastRun.status} />
            <Link className={row.above} to="/job-runs/$id" params={{ id: lastRun.id }}>
              <When time={lastRun.queuedAt} />
            </Link>
          </span>
        ) : (
          "never"
        )}
      </td>
      <td className={`${table.number} ${styles.extra}`}>
        {lastRun?.startedAt !== undefined ? (
          <Elapsed
            from={lastRun.startedAt}
            to={hasEnded(lastRun) ? (lastRun.endedAt ?? lastRun.startedAt) : undefined}
          />
        ) : (
          "–"
        )}
      </td>
      <td className={`${styles.extra} ${styles.when}`}>{whenWords(job)}</td>
      <td className={styles.extra}>{nextRunAt === undefined ? "–" : <When time={nextRunAt} next />}</td>
      <td>
        <Button
          className={row.above}
          size="compact-sm"
          variant="default"
          loading={isPending}
          aria-label={`Run ${name}`}
          leftSection={<IconPlayerPlay size={14} stroke={1.8} />}
          onClick={() => mutate({})}
        >
          Run
        </Button>
      </td>
    </tr>
  );
}

function whenWords({ schedule, after }: Job): string {
  const words = [
    ...(schedule ? [scheduleWords(schedule)] : []),
    ...(after.length > 0 ? [`after ${after.join(", ")}`] : []),
  ];
  return words.length === 0 ? "by hand" : words.join("; ");
}

interface SortHeadProps {
  readonly sort: JobSort;
  readonly search: JobsSearch;
  readonly className: string | undefined;
  readonly children: ReactNode;
  onSort(change: JobsSearch): void;
}

function SortHead({ sort, search, className, children, onSort }: SortHeadProps) {
  const current = (search.sort ?? "name") === sort;
  const Icon = search.down ? IconChevronUp : IconChevronDown;
  return (
    <th className={className} aria-sort={current ? (search.down ? "descending" : "ascending") : undefined}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort({ sort, down: current ? !search.down : false })}
      >
        {children}
        {current && <Icon size={14} stroke={1.8} aria-hidden />}
      </button>
    </th>
  );
}
