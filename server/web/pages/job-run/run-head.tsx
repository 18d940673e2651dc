// Whose run this is, why it runs, since when; Stop while it runs, Run again after.
import { Button } from "@mantine/core";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { JobRun } from "../../../../lib/contract/job.ts";
import { postJson } from "../../parts/api.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Elapsed } from "../../parts/elapsed.tsx";
import { runPath } from "../../parts/job-queries.ts";
import { labHref } from "../../parts/notebooks.ts";
import { notify, notifyFailure } from "../../parts/notices.tsx";
import { Fact, PageHead } from "../../parts/page-head.tsx";
import { causeOf } from "../../parts/run-table.tsx";
import { hasEnded } from "../../parts/run-updates.ts";
import { JobRunState } from "../../parts/states.tsx";
import { When } from "../../parts/when.tsx";

export function RunHead({ run }: { run: JobRun }) {
  const { id, job, file, queuedAt, dueAt, startedAt, endedAt } = run;
  const ended = hasEnded(run);
  return (
    <PageHead
      title={`${job}, run ${id.slice(-7)}`}
      state={
        <>
          <CopyButton text={id} label="Copy run id" />
          <JobRunState status={run.status} />
        </>
      }
      facts={
        <>
          <Fact>
            job{" "}
            <Link to="/jobs/$name" params={{ name: job }}>
              {job}
            </Link>
          </Fact>
          <Fact>{causeOf(run)}</Fact>
          <Fact>
            <a href={labHref(file)}>{file}</a>
          </Fact>
          {run.status === "queued" && dueAt !== undefined ? (
            <Fact>
              due <When time={dueAt} next />
            </Fact>
          ) : (
            <Fact>
              queued <When time={queuedAt} />
            </Fact>
          )}
          {startedAt !== undefined && (
            <Fact>
              {ended ? "took" : "running for"}{" "}
              <Elapsed from={startedAt} to={ended ? (endedAt ?? startedAt) : undefined} />
            </Fact>
          )}
        </>
      }
    >
      {ended ? <RunAgain run={run} /> : <Stop run={run} />}
    </PageHead>
  );
}

function Stop({ run }: { run: JobRun }) {
  const client = useQueryClient();
  const { mutate, isPending } = useMutation({
    mutationFn: () => postJson<JobRun>(`${runPath(run.id)}/stop`, {}),
    onSuccess: (stopped) => client.setQueryData(["job-run", run.id], stopped),
    onError: (error) => notifyFailure("The run was not stopped", error),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerStop size={16} stroke={1.8} />}
      loading={isPending}
      onClick={() => mutate()}
    >
      Stop
    </Button>
  );
}

function RunAgain({ run }: { run: JobRun }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const { mutate, isPending } = useMutation({
    mutationFn: () => postJson<JobRun>(`${runPath(run.id)}/again`, {}),
    onSuccess(next) {
      client.setQueryData(["job-run", next.id], next);
      notify(`Running ${next.job} again.`);
      navigate({ to: "/job-runs/$id", params: { id: next.id } });
    },
    onError: (error) => notifyFailure("The run was not started again", error),
  });
  return (
    <Button leftSection={<IconRefresh size={16} stroke={1.8} />} loading={isPending} onClick={() => mutate()}>
      Run again
    </Button>
  );
}
