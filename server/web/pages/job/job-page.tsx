// A job: what it runs, when, and its runs.
import { Button, Skeleton } from "@mantine/core";
import { IconPencil, IconPlayerPlay, IconTrash } from "@tabler/icons-react";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import type { Job } from "../../../../lib/contract/job.ts";
import { ApiError, deleteAt } from "../../parts/api.ts";
import { Card, Empty } from "../../parts/card.tsx";
import { ConnectionBanner } from "../../parts/connection-banner.tsx";
import { DeleteDialog } from "../../parts/delete-dialog.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { useJobEvents } from "../../parts/job-events.ts";
import { jobPath, jobQuery, jobRunsQuery } from "../../parts/job-queries.ts";
import { MoreButton } from "../../parts/more-button.tsx";
import { NoticePage } from "../../parts/notice-page.tsx";
import { notify } from "../../parts/notices.tsx";
import { Fact, PageHead } from "../../parts/page-head.tsx";
import { usePageTitle } from "../../parts/page-title.ts";
import { useRunJob } from "../../parts/run-job.ts";
import { RunTable } from "../../parts/run-table.tsx";
import { JobRunState } from "../../parts/states.tsx";
import { When } from "../../parts/when.tsx";
import styles from "./job-page.module.css";
import { JobSettings } from "./job-settings.tsx";

const JobDialog = lazy(async () => ({ default: (await import("../jobs/job-dialog.tsx")).JobDialog }));
const route = getRouteApi("/jobs/$name");

export function JobPage() {
  const { name } = route.useParams();
  usePageTitle(name);
  const connection = useJobEvents();
  const { data: job, error, refetch } = useQuery(jobQuery(name));
  if (error instanceof ApiError && error.code === "not_found")
    return (
      <NoticePage title={`There is no job ${name}`}>
        <p>It may have another name, or was deleted.</p>
        <Link to="/jobs">See all jobs</Link>
      </NoticePage>
    );
  return (
    <>
      <ConnectionBanner connection={connection} />
      {error && !job && <FailureOf what={`The job ${name} could not be read`} error={error} onRetry={refetch} />}
      {job ? <Head job={job} /> : <PageHead title={name} facts={<Fact> </Fact>} />}
      <div className={styles.columns}>
        <Runs name={name} />
        {job ? <JobSettings job={job} /> : !error && <Skeleton height={260} />}
      </div>
    </>
  );
}

function Head({ job }: { job: Job }) {
  const { name, description, lastRun, nextRunAt } = job;
  const client = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"settings" | "delete">();
  const { mutate, isPending } = useRunJob(name);
  const close = () => setDialog(undefined);
  return (
    <>
      <PageHead
        title={name}
        state={lastRun && <JobRunState status={lastRun.status} />}
        description={description}
        facts={
          <>
            <Fact>
              {lastRun ? (
                <>
                  last run <When time={lastRun.queuedAt} />
                </>
              ) : (
                "never ran"
              )}
            </Fact>
            {nextRunAt !== undefined && (
              <Fact>
                next run <When time={nextRunAt} next />
              </Fact>
            )}
          </>
        }
      >
        <Button leftSection={<IconPlayerPlay size={16} stroke={1.8} />} loading={isPending} onClick={() => mutate({})}>
          Run
        </Button>
        <Button
          variant="default"
          leftSection={<IconPencil size={16} stroke={1.8} />}
          onClick={() => setDialog("settings")}
        >
          Settings
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={16} stroke={1.8} />}
          onClick={() => setDialog("delete")}
        >
          Delete
        </Button>
      </PageHead>
      <Suspense>{dialog === "settings" && <JobDialog job={job} onClose={close} onSaved={close} />}</Suspense>
      {dialog === "delete" && (
        <DeleteDialog
          what={`job ${name}`}
          consequence="A run under way is stopped. Its runs, with their logs and executed notebooks, are deleted too."
          onDelete={() => deleteAt(`${jobPath(name)}?stop=1`)}
          onDeleted={async () => {
            await client.cancelQueries({ queryKey: ["jobs"] }); // an answer under way may still have it
            notify(`Job ${name} deleted.`);
            client.setQueryData<readonly Job[]>(["jobs"], (jobs) => jobs?.filter((shown) => shown.name !== name));
            navigate({ to: "/jobs" }).then(() => client.removeQueries({ queryKey: ["job-runs"], type: "inactive" }));
          }}
          onClose={close}
        />
      )}
    </>
  );
}

function Runs({ name }: { name: string }) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    jobRunsQuery({ job: name }),
  );
  const runs = data?.pages.flatMap(({ items }) => items);
  return (
    <Card title="Runs">
      {error && !runs && <FailureOf what="The runs could not be read" error={error} onRetry={refetch} />}
      {!runs && !error && <Skeleton height={240} />}
      {runs?.length === 0 && <Empty>This job has not run yet. Run starts it.</Empty>}
      {runs && runs.length > 0 && <RunTable runs={runs} ofOneJob />}
      <MoreButton more={hasNextPage} loading={isFetchingNextPage} onMore={fetchNextPage} />
    </Card>
  );
}
