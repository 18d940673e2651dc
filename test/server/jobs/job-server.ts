// A server with a project of its own, the files a test puts there, and calls to the API of jobs.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Job, JobEvent, JobRun, NewJob, NewJobRun } from "../../../lib/contract/job.ts";
import type { Page } from "../../../lib/contract/model.ts";
import { notebookText, type TestCell } from "../../support/notebooks.ts";
import { until } from "../app/processes.ts";
import { type Reply, TestServer } from "../app/running-server.ts";

export class JobServer extends TestServer {
  write(file: string, content: string | readonly TestCell[]): void {
    const path = join(this.settings.project, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : notebookText(content));
  }

  async createJob(job: NewJob): Promise<Job> {
    const { status, body } = await this.api<Job>("POST", "/api/v2/jobs", job);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  async run(job: string, run: NewJobRun = {}): Promise<JobRun> {
    const { status, body } = await this.api<JobRun>("POST", `/api/v2/jobs/${job}/runs`, run);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  async runNow(id: string): Promise<JobRun> {
    return (await this.api<JobRun>("GET", `/api/v2/job-runs/${id}`)).body;
  }

  async runs(query = ""): Promise<readonly JobRun[]> {
    return (await this.api<Page<JobRun>>("GET", `/api/v2/job-runs?${query}`)).body.items;
  }

  /** The run once it has ended. */
  async ended(id: string): Promise<JobRun> {
    await until(async () => !["queued", "running"].includes((await this.runNow(id)).status), 60_000);
    return this.runNow(id);
  }

  /** The run once it is so. */
  async when(id: string, isSo: (run: JobRun) => boolean): Promise<JobRun> {
    await until(async () => isSo(await this.runNow(id)), 60_000);
    return this.runNow(id);
  }

  async log(id: string, from = 0): Promise<string> {
    return (await this.api<string>("GET", `/api/v2/job-runs/${id}/log?from=${from}`)).body;
  }

  stopRun(id: string): Promise<Reply<JobRun>> {
    return this.api("POST", `/api/v2/job-runs/${id}/stop`);
  }

  /** Events as they come, until the signal is aborted. */
  async follow(path: string, signal: AbortSignal): Promise<JobEvent[]> {
    const events: JobEvent[] = [];
    const headers = { authorization: `Bearer ${this.running.token}` };
    const reply = await fetch(this.running.url + path, { headers, signal });
    void (async () => {
      let text = "";
      for await (const chunk of reply.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const parts = text.split("\n\n");
        text = parts.pop()!;
        for (const part of parts) {
          const [, data] = /^data: (.*)$/m.exec(part) ?? [];
          if (data) events.push(JSON.parse(data) as JobEvent);
        }
      }
    })().catch(() => {}); // aborted
    return events;
  }
}
