// The events of job runs: put into what is shown as they come, refetched after a gap.
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Job, JobCell, JobEvent, JobRun } from "../../../lib/contract/job.ts";
import { follow } from "./event-source.ts";
import { type FirstStart, type JobRunFilter, runPath } from "./job-queries.ts";
import type { Connection } from "./live.ts";
import { firstStartWithRun, hasEnded, jobsWithRun, type RunPages, withCell, withRun } from "./run-updates.ts";
import { atMostEvery } from "./throttle.ts";
import type { LiveLog } from "./use-log.ts";

const refetchMs = 1000;

/** Follows all runs while the page is shown. */
export function useJobEvents(): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("opening");

  useEffect(() => {
    // What a run alone does not tell: when its job is due next, which step the first start goes on with, what it deployed.
    const rereadRest = atMostEvery(refetchMs, () =>
      Promise.all(
        ["jobs", "job", "first-start", "models", "applications"].map((key) =>
          client.invalidateQueries({ queryKey: [key] }),
        ),
      ),
    );
    const unfollow = follow("/api/v2/job-runs/events", {
      onOpen(again) {
        setConnection("open");
        // The first read may be older than the stream.
        if (again) client.invalidateQueries();
        else for (const key of ["job-runs", "first-start"]) client.invalidateQueries({ queryKey: [key] });
      },
      onLost() {
        setConnection("lost");
        client.invalidateQueries({ queryKey: ["job-runs"] }); // tells an ended session from a stopped server
      },
      events: {
        run(data) {
          const { run } = data as Extract<JobEvent, { type: "run" }>;
          const moved = client.getQueryData<JobRun>(["job-run", run.id])?.status !== run.status;
          showRun(client, run);
          if (moved || hasEnded(run)) rereadRest.call();
        },
      },
    });
    return () => {
      unfollow();
      rereadRest.cancel();
    };
  }, [client]);

  return connection;
}

/** Follows one run, with its cells and its log. */
export function useJobRunEvents(id: string, { append, reread }: Pick<LiveLog, "append" | "reread">): Connection {
  const client = useQueryClient();
  const [connection, setConnection] = useState<Connection>("opening");

  useEffect(
    () =>
      follow(`${runPath(id)}/events`, {
        onOpen(again) {
          setConnection("open");
          reread();
          if (again) client.invalidateQueries();
        },
        onLost() {
          setConnection("lost");
          client.invalidateQueries({ queryKey: ["job-run", id] });
        },
        events: {
          run(data) {
            const { run } = data as Extract<JobEvent, { type: "run" }>;
            const before = client.getQueryData<JobRun>(["job-run", id]);
            showRun(client, run);
            // Its cells are known once it runs, and begin anew with another attempt.
            if (run.attempt !== before?.attempt || run.status !== before.status || run.cells !== before.cells)
              client.invalidateQueries({ queryKey: ["job-cells", id] });
          },
          cell(data) {
            const { cell } = data as Extract<JobEvent, { type: "cell" }>;
            client.setQueryData<readonly JobCell[]>(["job-cells", id], (cells) => withCell(cells ?? [], cell));
          },
          log: (data) => append(data as Extract<JobEvent, { type: "log" }>),
        },
      }),
    [client, id, append, reread],
  );

  return connection;
}

function showRun(client: QueryClient, run: JobRun): void {
  client.setQueryData(["job-run", run.id], run);
  client.setQueryData<readonly Job[]>(["jobs"], (jobs) => jobs && jobsWithRun(jobs, run));
  client.setQueryData<Job>(["job", run.job], (job) => job && jobsWithRun([job], run)[0]!);
  client.setQueryData<FirstStart>(["first-start"], (start) => start && firstStartWithRun(start, run));
  for (const query of client.getQueryCache().findAll({ queryKey: ["job-runs"] })) {
    const [, filter] = query.queryKey as [string, JobRunFilter];
    client.setQueryData<RunPages>(query.queryKey, (list) => list && withRun(list, filter, run));
  }
}
