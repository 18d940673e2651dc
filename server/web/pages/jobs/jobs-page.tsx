// All jobs: what runs when, how did the last one go? A row leads to its job.
import { Button, Skeleton, TextInput } from "@mantine/core";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useJobEvents } from "../../parts/job-events.ts";
import { jobsQuery } from "../../parts/job-queries.ts";
import { type JobsSearch, parseJobsSearch } from "../../parts/jobs-search.ts";
import { PageHead } from "../../parts/page-head.tsx";
import { usePageTitle } from "../../parts/page-title.ts";
import { JobGraph } from "./job-graph.tsx";
import { JobTable } from "./job-table.tsx";
import styles from "./jobs-page.module.css";
import { shownJobs } from "./shown-jobs.ts";

const JobDialog = lazy(async () => ({ default: (await import("./job-dialog.tsx")).JobDialog }));
const route = getRouteApi("/jobs");

export function JobsPage() {
  usePageTitle("Jobs");
  const connection = useJobEvents();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data: jobs, error, refetch } = useQuery(jobsQuery);
  const set = (change: Partial<JobsSearch>, replace = false) =>
    navigate({ to: "/jobs", search: parseJobsSearch({ ...search, ...change }), replace, resetScroll: false });
  const shown = jobs && shownJobs(jobs, search);
  return (
    <>
      <ConnectionBanner connection={connection} />
      <PageHead title="Jobs">
        <Button leftSection={<IconPlus size={16} stroke={1.8} />} onClick={() => set({ create: true })}>
          New job
        </Button>
      </PageHead>
      {error && !jobs && <FailureOf what="The jobs could not be read" error={error} onRetry={refetch} />}
      {!jobs && !error && <Skeleton height={260} />}
      {jobs?.length === 0 && (
        <p className={styles.empty}>
          No job yet. A job runs a notebook or a script as a process: by hand, by schedule, or after other jobs.
        </p>
      )}
      {jobs && jobs.length > 0 && (
        <>
          <TextInput
            className={styles.find}
            aria-label="Find jobs"
            placeholder="Find by name, file or description"
            leftSection={<IconSearch size={16} stroke={1.7} />}
            value={search.find ?? ""}
            onChange={(event) => set({ find: event.currentTarget.value }, true)}
          />
          <JobTable jobs={shown ?? []} of={jobs.length} search={search} onSort={set} />
          <div className={styles.graph}>
            <JobGraph jobs={jobs} />
          </div>
        </>
      )}
      <Suspense>
        {search.create && (
          <JobDialog
            onClose={() => set({ create: false }, true)}
            onSaved={({ name }) => navigate({ to: "/jobs/$name", params: { name } })}
          />
        )}
      </Suspense>
    </>
  );
}
