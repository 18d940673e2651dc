// A run of a job: how far, what failed?
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { JobRun } from "../../../../lib/contract/job.ts";
import { ApiError } from "../../parts/api.ts";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useJobEvents, useJobRunEvents } from "../../parts/job-events.ts";
import { jobRunQuery, runPath } from "../../parts/job-queries.ts";
import { LogView } from "../../parts/log-view.tsx";
import { NoticePage } from "../../parts/notice-page.tsx";
import { usePageTitle } from "../../parts/page-title.ts";
import { hasEnded } from "../../parts/run-updates.ts";
import { useLog } from "../../parts/use-log.ts";
import { Cells } from "./cells.tsx";
import { Chain } from "./chain.tsx";
import { ExecutedNotebook } from "./executed-notebook.tsx";
import styles from "./job-run-page.module.css";
import { RunFailure } from "./run-failure.tsx";
import { RunHead } from "./run-head.tsx";
import { RunProgress } from "./run-progress.tsx";

const route = getRouteApi("/job-runs/$id");

export function JobRunPage() {
  const { id } = route.useParams();
  const { data: run, error, refetch } = useQuery(jobRunQuery(id));
  usePageTitle(run ? `${run.job}, run ${id.slice(-7)}` : "Job run");
  if (error instanceof ApiError && error.code === "not_found")
    return (
      <NoticePage title="There is no such run">
        <p>Its job may have been deleted, and its runs with it.</p>
        <Link to="/jobs">See all jobs</Link>
      </NoticePage>
    );
  return (
    <>
      {error && !run && <FailureOf what="The run could not be read" error={error} onRetry={refetch} />}
      {!run && !error && <RunSkeleton />}
      {run && <RunPage key={id} run={run} />}
    </>
  );
}

function RunPage({ run }: { run: JobRun }) {
  const live = useLog(`${runPath(run.id)}/log`, run.logBytes);
  const events = useJobRunEvents(run.id, live);
  const others = useJobEvents();
  return (
    <>
      <ConnectionBanner connection={events === "lost" || others === "lost" ? "lost" : "open"} />
      <RunHead run={run} />
      <RunProgress run={run} />
      {run.failure && <RunFailure failure={run.failure} file={run.file} />}
      <div className={styles.columns}>
        <Cells run={run} />
        <div className={styles.side}>
          <LogView
            live={live}
            href={`${runPath(run.id)}/log`}
            fileName={`${run.job}-${run.id.slice(-7)}.log`}
            empty={hasEnded(run) ? "Nothing was logged." : "Nothing was logged yet."}
          />
          <Chain run={run} />
        </div>
      </div>
      {run.notebook && <ExecutedNotebook run={run} />}
    </>
  );
}

function RunSkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton height={56} mb="md" />
      <Skeleton height={52} mb="sm" />
      <div className={styles.columns}>
        <Skeleton height={380} />
        <Skeleton height={420} />
      </div>
    </div>
  );
}
