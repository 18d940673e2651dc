// The real server from dist in a home of its own, and a tiny model deployed on it through the HTTP API.
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Build, Deployment, Model } from "../../lib/contract/model.ts";
import { bin, cleanEnvironment, root } from "../support/cli.ts";

const patienceMs = 30_000;

export interface RunningServer {
  readonly url: string;
  readonly token: string;
  readonly home: string;
  /** Ends the process and waits for it; the home stays. */
  stop(): Promise<void>;
  /** Starts again on the same port and home. */
  start(): Promise<void>;
  /** Stops and takes the home away. */
  remove(): Promise<void>;
}

/** @param project folder of notebooks and programs. Default: this repository's */
export async function startServer(project: string = root): Promise<RunningServer> {
  const home = mkdtempSync(join(tmpdir(), "cellwright-pages-"));
  let port = 0;
  let child: ChildProcess;
  let file: { url: string; token: string };

  async function start(): Promise<void> {
    child = run(home, project, port);
    file = await answering(home, child);
    port = Number(new URL(file.url).port);
  }

  async function stop(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  await start();
  return {
    home,
    get url() {
      return file.url;
    },
    get token() {
      return file.token;
    },
    start,
    stop,
    async remove() {
      await stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Builds the export of a notebook made of these cells and waits until it answers. */
export async function deployCells(server: RunningServer, name: string, cells: readonly string[]): Promise<Model> {
  await api(server, "POST", "/api/v2/models", { name, description: "Will this customer leave?" });
  return redeployCells(server, name, cells);
}

/** Another build of a model that is there. */
export async function redeployCells(server: RunningServer, name: string, cells: readonly string[]): Promise<Model> {
  const notebook = Buffer.from(JSON.stringify(notebookOf(cells)));
  const sha256 = createHash("sha256").update(notebook).digest("hex");
  await api(server, "PUT", `/api/v2/blobs/${sha256}`, notebook);
  const order = { notebookPath: "tiny-model.ipynb", notebookSha256: sha256, function: "predict" };
  const { build } = await api<{ build: Build }>(server, "POST", `/api/v2/models/${name}/builds`, order);
  const deployment = await api<Deployment>(server, "POST", `/api/v2/models/${name}/deployments?wait=1`, {
    build: build.id,
  });
  if (deployment.status !== "deployed")
    throw new Error(`Cannot deploy ${name}: found it ${deployment.status}, ${deployment.problem}`);
  return api<Model>(server, "GET", `/api/v2/models/${name}`);
}

/** A call as any client makes it; gives the status. */
export async function callModel(server: RunningServer, model: Model, request: unknown): Promise<number> {
  return (await send(server, model, request)).status;
}

/** The same; gives the uuid of an answered call. */
export async function callForUuid(server: RunningServer, model: Model, request: unknown): Promise<string> {
  const { response } = JSON.parse((await send(server, model, request)).text) as { response: { uuid: string } };
  return response.uuid;
}

async function send(server: RunningServer, model: Model, request: unknown): Promise<{ status: number; text: string }> {
  const reply = await fetch(`${server.url}/model`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ accessKey: model.accessKey, request }),
  });
  return { status: reply.status, text: await reply.text() };
}

/** A request with the start token. @throws Error it was refused */
export async function api<T>(server: RunningServer, method: string, path: string, body?: unknown): Promise<T> {
  const raw = body instanceof Buffer;
  const reply = await fetch(server.url + path, {
    method,
    headers: {
      authorization: `Bearer ${server.token}`,
      ...(body === undefined ? {} : { "content-type": raw ? "application/octet-stream" : "application/json" }),
    },
    ...(body === undefined ? {} : { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

function run(home: string, project: string, port: number): ChildProcess {
  const places = ["--home", home, "--project", project, "--port", String(port)];
  return spawn(process.execPath, [bin, "start", "--no-demo", ...places], {
    cwd: root,
    env: { ...cleanEnvironment(), CELLWRIGHT_LOG_LEVEL: "warn" },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

async function answering(home: string, child: ChildProcess): Promise<{ url: string; token: string }> {
  let said = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const path = join(home, "server.json");
  for (const end = performance.now() + patienceMs; performance.now() < end; await wait(50)) {
    if (child.exitCode !== null) throw new Error(`Cannot test pages: the server ended with ${child.exitCode}. ${said}`);
    if (!existsSync(path)) continue;
    const file = JSON.parse(readFileSync(path, "utf8")) as { url: string; token: string; pid: number };
    const answer = await fetch(`${file.url}/health`).catch(() => undefined);
    if (file.pid === child.pid && answer?.ok) return file;
  }
  child.kill("SIGKILL");
  throw new Error(`Cannot test pages: the server does not answer. ${said}`);
}

export function notebookOf(cells: readonly string[]): object {
  return {
    cells: cells.map((source, index) => ({
      cell_type: "code",
      id: `cell-${index + 1}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: { kernelspec: { name: "cellwright", display_name: "TypeScript (Cellwright)", language: "typescript" } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}
