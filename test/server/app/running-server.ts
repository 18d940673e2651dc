// A server in this process on a free port and a home of its own, with calls to its API.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ErrorBody } from "../../../lib/contract/errors.ts";
import type { Deployment, Model } from "../../../lib/contract/model.ts";
import type { MetricsRow } from "../../../lib/contract/prediction.ts";
import { type RunningServer, startServer } from "../../../server/app.ts";
import { type CallLimits, readSettings, type ServerSettings } from "../../../server/settings.ts";
import { type HandMadeBuild, seedBuilds, writeBuild } from "../deployments/hand-made-builds.ts";

export interface Reply<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface ModelReply {
  readonly success: boolean;
  readonly response: { readonly prediction: unknown; readonly uuid: string; readonly model_deployment_crn: string };
  readonly error: ErrorBody["error"];
}

export class TestServer implements AsyncDisposable {
  readonly home: string;
  readonly settings: ServerSettings;
  running!: RunningServer;

  constructor(limits: Partial<CallLimits> = {}) {
    this.home = mkdtempSync(join(tmpdir(), "cellwright-server-"));
    const settings = readSettings({ home: this.home, project: this.home, port: 0 }, { CELLWRIGHT_LOG_LEVEL: "debug" });
    this.settings = { ...settings, limits: { ...settings.limits, ...limits } };
  }

  async start(): Promise<this> {
    this.running = await startServer(this.settings);
    return this;
  }

  async restart(): Promise<void> {
    await this.running.stop();
    await this.start();
    await this.running.settled;
  }

  /** With the owner's token unless other headers are given. */
  async api<T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `Bearer ${this.running.token}` },
  ): Promise<Reply<T>> {
    const reply = await fetch(this.running.url + path, {
      method,
      redirect: "manual",
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const isJson = (reply.headers.get("content-type") ?? "").includes("json");
    return { status: reply.status, headers: reply.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  async createModel(name: string): Promise<Model> {
    return (await this.api<Model>("POST", "/api/v2/models", { name })).body;
  }

  /** Deploys hand-made sources one after the other; the last one answers. */
  async deploy(model: Model, ...builds: readonly HandMadeBuild[]): Promise<Deployment> {
    await seedBuilds(this.settings.database, [model], builds);
    let last: Deployment | undefined;
    for (const { id } of builds) last = await this.deployAgain(model, id);
    return last!;
  }

  async deployAgain(model: Model, build: string, replicas = 1, memoryMb = 512): Promise<Deployment> {
    const path = `/api/v2/models/${model.name}/deployments?wait=1`;
    const { status, body } = await this.api<Deployment>("POST", path, { build, replicas, memoryMb });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body;
  }

  /** A model of this source, answering. */
  async serve(name: string, source: string): Promise<Model> {
    const model = await this.createModel(name);
    const deployment = await this.deploy(model, writeBuild(this.home, source));
    if (deployment.status !== "deployed") throw new Error(deployment.problem);
    return model;
  }

  call(model: Pick<Model, "accessKey">, request: unknown): Promise<Reply<ModelReply>> {
    return this.api<ModelReply>("POST", "/model", { accessKey: model.accessKey, request }, {});
  }

  async records(query: Record<string, unknown> = {}): Promise<readonly MetricsRow[]> {
    const { body } = await this.api<{ metrics: MetricsRow[] }>("POST", "/api/v2/metrics/read", {
      pageSize: 10_000,
      ...query,
    });
    return body.metrics;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running?.stop();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A server that is stopped and gone when the test that asked for it ends. */
export function testServer(limits: Partial<CallLimits> = {}): Promise<TestServer> {
  return new TestServer(limits).start();
}
