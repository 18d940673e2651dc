// The other runs of the same chain: what ran before this one and what runs after it.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JobRun } from "../../../../lib/contract/job.ts";
import { Card } from "../../parts/card.tsx";
import { Elapsed } from "../../parts/elapsed.tsx";
import { jobRunsQuery } from "../../parts/job-queries.ts";
import { hasEnded } from "../../parts/run-updates.ts";
import { JobRunState } from "../../parts/states.tsx";
import styles from "./chain.module.css";

export function Chain({ run }: { run: JobRun }) {
  const { data } = useInfiniteQuery(jobRunsQuery({ chain: run.chain }));
  const runs = data?.pages.flatMap(({ items }) => items) ?? [];
  if (runs.length < 2) return null;
  return (
    <Card title="Runs of this chain">
      <ol className={styles.runs}>
        {[...runs].reverse().map(({ id, job, status, startedAt, endedAt }) => (
          <li key={id} aria-current={id === run.id ? "step" : undefined}>
            {id === run.id ? (
              <strong>{job}</strong>
            ) : (
              <Link to="/job-runs/$id" params={{ id }}>
                {job}
              </Link>
            )}
            <JobRunState status={status} />
            <span className={styles.took}>
              {startedAt !== undefined && (
                <Elapsed from={startedAt} to={hasEnded({ status }) ? (endedAt ?? startedAt) : undefined} />
              )}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}
