// The example pipeline of the first start, live: each notebook as a step with its state, how far it is, and how long it took.
import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { JobRun } from "../../../../lib/contract/job.ts";
import { postJson } from "../../parts/api.ts";
import card from "../../parts/card.module.css";
import { Card } from "../../parts/card.tsx";
import { Elapsed } from "../../parts/elapsed.tsx";
import { FailureOf } from "../../parts/failure.tsx";
import { type FirstStart, firstStartQuery, jobsQuery } from "../../parts/job-queries.ts";
import { counted } from "../../parts/numbers.ts";
import { Progress } from "../../parts/progress.tsx";
import { hasEnded } from "../../parts/run-updates.ts";
import { State } from "../../parts/state.tsx";
import { JobRunState } from "../../parts/states.tsx";
import styles from "./pipeline.module.css";
import { type PipelineStep, pipelineSteps, sumOfSteps } from "./pipeline-steps.ts";

export function Pipeline() {
  const { data: start, error, refetch } = useQuery(firstStartQuery);
  const { data: jobs = [] } = useQuery(jobsQuery);
  if (error && !start)
    return (
      <div className={styles.card}>
        <FailureOf what="The example pipeline could not be read" error={error} onRetry={refetch} />
      </div>
    );
  if (!start) return <Skeleton className={styles.card} height={190} />;
  if (start.state === "none") return null; // a project of another kind
  if (start.runs.length === 0) return <Offer start={start} />;
  const steps = pipelineSteps(start.runs, jobs);
  const { done, of, failed, startedAt, endedAt } = sumOfSteps(steps);
  return (
    <Card
      title="Example pipeline: customer churn"
      className={styles.card}
      more={
        <>
          {done} of {of} notebooks
          {startedAt !== undefined && (
            <>
              {", "}
              <Elapsed from={startedAt} to={endedAt} />
            </>
          )}
        </>
      }
    >
      <div className={card.body}>
        <Progress
          done={steps.reduce((sum, step) => sum + shareOf(step), 0)}
          of={of}
          label="Example pipeline"
          tone={failed ? "bad" : "good"}
        />
        <ol className={styles.steps}>
          {steps.map((step) => (
            <Step key={step.job} {...step} />
          ))}
        </ol>
        {start.state !== "running" && start.state !== "done" && (
          <StartButton label={failed ? "Resume the pipeline" : "Run the pipeline"} />
        )}
      </div>
    </Card>
  );
}

function Offer({ start }: { start: FirstStart }) {
  return (
    <Card title="Example pipeline: customer churn" className={styles.card}>
      <div className={card.body}>
        <p className={styles.text}>
          Seven notebooks from raw data to a watched model: ingest, explore, train, deploy, 1,000 simulated calls,
          plots.
          {start.state === "running" ? " It is being started." : " It has not run here yet."}
        </p>
        {start.state !== "running" && <StartButton label="Run the example pipeline" />}
      </div>
    </Card>
  );
}

function StartButton({ label }: { label: string }) {
  const client = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => postJson<FirstStart>("/api/v2/first-start", {}),
    onSettled: () =>
      Promise.all(["first-start", "jobs", "job-runs"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
  return (
    <>
      {error && <FailureOf what="The pipeline was not started" error={error} />}
      <Button onClick={() => mutate()} loading={isPending}>
        {label}
      </Button>
    </>
  );
}

function Step({ job, run }: PipelineStep) {
  return (
    <li className={styles.step} data-status={run?.status ?? "waiting"}>
      {run ? (
        <Link className={styles.name} to="/job-runs/$id" params={{ id: run.id }}>
          {job}
        </Link>
      ) : (
        <Link className={styles.name} to="/jobs/$name" params={{ name: job }}>
          {job}
        </Link>
      )}
      {run ? <JobRunState status={run.status} /> : <State tone="still" word="waiting" />}
      <span className={styles.detail}>
        {run && run.cells > 0 && cellsOf(run)}
        {run?.startedAt !== undefined && (
          <>
            {run.cells > 0 && ", "}
            <Elapsed from={run.startedAt} to={hasEnded(run) ? (run.endedAt ?? run.startedAt) : undefined} />
          </>
        )}
      </span>
      {run?.current && run.status === "running" && <code className={styles.line}>{run.current.firstLine}</code>}
      {run?.failure && <span className={styles.failure}>{run.failure.message}</span>}
    </li>
  );
}

function cellsOf({ status, ran, cells, current }: JobRun): string {
  if (status === "running") return `cell ${current?.position ?? Math.min(ran + 1, cells)} of ${cells}`;
  return ran === cells ? counted(cells, "cell") : `${ran} of ${counted(cells, "cell")}`;
}

/** How much of a step is done, from 0 to 1. */
function shareOf({ run }: PipelineStep): number {
  if (!run) return 0;
  if (run.status === "succeeded") return 1;
  return run.cells > 0 ? run.ran / run.cells : 0;
}
