// Starts a run of a job and leads to it.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { JobRun, NewJobRun } from "../../../lib/contract/job.ts";
import { postJson } from "./api.ts";
import { jobPath } from "./job-queries.ts";
import { notifyFailure } from "./notices.tsx";

export function useRunJob(name: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: (order: NewJobRun = {}) => postJson<JobRun>(`${jobPath(name)}/runs`, order),
    onSuccess(run) {
      client.setQueryData(["job-run", run.id], run);
      client.invalidateQueries({ queryKey: ["job-runs"] });
      navigate({ to: "/job-runs/$id", params: { id: run.id } });
    },
    onError: (error) => notifyFailure(`Job ${name} was not started`, error),
  });
}
