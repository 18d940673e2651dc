// A server in this process over a project folder of its own, with calls to Jupyter's API.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type RunningServer, startServer } from "../../../server/app.ts";
import { readSettings } from "../../../server/settings.ts";

export interface Reply<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export class LabServer implements AsyncDisposable {
  /** Holds the project and, beside it, what is none of its business. */
  readonly outside: string = mkdtempSync(join(tmpdir(), "cellwright-lab-"));
  readonly project: string = join(this.outside, "project");
  readonly home: string = join(this.project, ".cellwright");
  running!: RunningServer;

  async start(env: NodeJS.ProcessEnv = {}): Promise<this> {
    mkdirSync(this.project, { recursive: true });
    const settings = readSettings({ home: this.home, project: this.project, port: 0 }, env);
    this.running = await startServer({ ...settings, logLevel: "silent" });
    return this;
  }

  get url(): string {
    return this.running.url;
  }
  get token(): string {
    return this.running.token;
  }

  put(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.project, path)), { recursive: true });
    writeFileSync(join(this.project, path), content);
  }

  text(path: string): string {
    return readFileSync(join(this.project, path), "utf8");
  }

  /** With the owner's token unless other headers are given. */
  async api<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = { authorization: `token ${this.token}` },
  ): Promise<Reply<T>> {
    const reply = await fetch(this.url + path, {
      method,
      redirect: "manual",
      headers: { ...headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    const isJson = (reply.headers.get("content-type") ?? "").includes("json");
    return { status: reply.status, headers: reply.headers, body: (isJson ? JSON.parse(text) : text) as T };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running?.stop();
    rmSync(this.outside, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @param env its settings */
export function labServer(env?: NodeJS.ProcessEnv): Promise<LabServer> {
  return new LabServer().start(env);
}
