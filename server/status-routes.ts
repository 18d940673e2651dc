// GET /api/v2/status: what runs here, in one reply.
import { Router } from "express";
import type { Job } from "../lib/contract/job.ts";
import type { Deployment, Model, Page } from "../lib/contract/model.ts";
import { allow, type Principal, principalOf } from "./auth/principal.ts";

export interface ServerStatus {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  readonly models: readonly {
    readonly name: string;
    readonly accessKey: string;
    readonly deployments: readonly Pick<Deployment, "crn" | "status" | "replicas">[];
  }[];
  /** The latest run of each job. */
  readonly jobRuns: readonly { readonly job: string; readonly status: string; readonly id: string }[];
}

export interface StatusParts {
  readonly url: () => string;
  readonly version: string;
  readonly listModels: (by: Principal, page: { pageSize: number; pageToken?: string }) => Promise<Page<Model>>;
  readonly listJobs: (by: Principal, page: { pageSize: number }) => Promise<Page<Job>>;
  readonly listDeployments: (by: Principal, model: string, page: { pageSize: number }) => Promise<Page<Deployment>>;
}

/** Deployments of a model looked at for what still runs. */
const latest = 20;

export function statusRoutes({ url, version, listModels, listDeployments, listJobs }: StatusParts): Router {
  const router = Router();
  router.get("/status", allow("status:read"), async (req, res) => {
    const by = principalOf(req);
    const models: ServerStatus["models"][number][] = [];
    for (const { name, accessKey } of await allModels(by)) {
      const { items } = await listDeployments(by, name, { pageSize: latest });
      models.push({ name, accessKey, deployments: items.filter(toShow).map(summary) });
    }
    const { items: jobs } = await listJobs(by, { pageSize: 1000 });
    const jobRuns = jobs.flatMap(({ name, lastRun }) =>
      lastRun ? [{ job: name, status: lastRun.status, id: lastRun.id }] : [],
    );
    res.json({ url: url(), pid: process.pid, version, models, jobRuns } satisfies ServerStatus);
  });
  return router;

  async function allModels(by: Principal): Promise<Model[]> {
    const models: Model[] = [];
    for (let pageToken: string | undefined; ; ) {
      const page = await listModels(by, { pageSize: 1000, ...(pageToken && { pageToken }) });
      models.push(...page.items);
      pageToken = page.next_page_token;
      if (!pageToken) return models;
    }
  }
}

/** What runs or is on its way; a failure as long as nothing came after it. */
function toShow({ status }: Deployment, place: number): boolean {
  return status !== "stopped" && (status !== "failed" || place === 0);
}

function summary({ crn, status, replicas }: Deployment): Pick<Deployment, "crn" | "status" | "replicas"> {
  return { crn, status, replicas };
}
