// Turns a notebook's exported function into a REST model. The server says what the build needs; this side sends it by content.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import type { Build, BuildInput, BuildNeed, Deployment, Model } from "../contract/model.ts";
import { requestJson, ServerError } from "../core/request-json.ts";
import { fromProject, modelFolder, type ServerAddress } from "../core/settings.ts";
import { requireServer } from "./find-server.ts";

export interface DeployOptions {
  /** The notebook, from the project's folder: `notebooks/5_model_serve.ipynb`. */
  readonly notebook: string;
  /** The exported function. */
  readonly function: string;
  /** The model's name: lower-case letters, digits, dot, dash, underscore. */
  readonly name: string;
  /** Processes that answer calls. Default 1. */
  readonly replicas?: number;
  /** Shown beside the build. Default empty. */
  readonly comment?: string;
}

/** A model that answers. */
export interface DeployedModel {
  readonly name: string;
  /** Where to call it: POST {"accessKey", "request"}. */
  readonly endpoint: string;
  readonly accessKey: string;
  /** Its page in the dashboard. */
  readonly page: string;
  readonly modelCrn: string;
  readonly build: Build;
  readonly deployment: Deployment;
}

/**
 * Builds the notebook's export and deploys it; resolves when it answers. An existing model gets the new build; when
 * the content is what runs already, nothing happens.
 *
 * @throws ServerError no such notebook or export, a needed cell fails, the deployment does not start
 */
export async function deploy(options: DeployOptions): Promise<DeployedModel> {
  const { notebook, name, replicas = 1 } = options;
  const server = await requireServer(`deploy ${notebook}`);
  const model = await modelNamed(server, name);
  const build = await buildOn(server, options);
  const running = model.deployment;
  const unchanged = running?.build === build.id && running.replicas === replicas && running.status === "deployed";
  const deployment = unchanged
    ? running
    : await requestJson<Deployment>(server, "POST", `/api/v2/models/${name}/deployments?wait=1`, {
        build: build.id,
        replicas,
      });
  if (deployment.status !== "deployed") {
    throw new ServerError(
      `Cannot deploy ${name}: found it ${deployment.status}, ${deployment.problem}`,
      503,
      "not_ready",
    );
  }
  const page = `${server.url}/ui/models/${name}`;
  return {
    name,
    endpoint: `${server.url}/model`,
    accessKey: model.accessKey,
    page,
    modelCrn: model.crn,
    build,
    deployment,
  };
}

async function modelNamed(server: ServerAddress, name: string): Promise<Model> {
  try {
    return await requestJson<Model>(server, "GET", `/api/v2/models/${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof ServerError && error.status === 404)) throw error;
    return requestJson<Model>(server, "POST", "/api/v2/models", { name });
  }
}

/** Asks for the build, sends what it turns out to need, and asks again until nothing is missing. */
async function buildOn(server: ServerAddress, options: DeployOptions): Promise<Build> {
  const path = fromProject(options.notebook);
  const notebookSha256 = await upload(server, [readFileSync(path)]).then(([hash]) => hash!);
  const inputs: BuildInput[] = [];
  for (;;) {
    const answer = await requestJson<{ build: Build } | { needs: BuildNeed[] }>(
      server,
      "POST",
      `/api/v2/models/${options.name}/builds`,
      {
        notebookPath: options.notebook,
        notebookSha256,
        function: options.function,
        inputs,
        comment: options.comment ?? "",
      },
    );
    if ("build" in answer) return answer.build;
    for (const need of answer.needs) inputs.push(await send(server, need, dirname(path)));
  }
}

async function send(server: ServerAddress, need: BuildNeed, notebookFolder: string): Promise<BuildInput> {
  const place = placeOf(need, notebookFolder);
  const files = filesAt(place, need);
  const hashes = await upload(
    server,
    files.map(({ path }) => readFileSync(path)),
  );
  return {
    path: need.path,
    kind: need.kind,
    files: files.map(({ name }, i) => ({ path: name, sha256: hashes[i]! })),
  };
}

function placeOf({ path, kind }: BuildNeed, notebookFolder: string): string {
  if (kind === "module") return join(notebookFolder, path);
  return kind === "folder" ? modelFolder(path) : fromProject(path);
}

function filesAt(place: string, need: BuildNeed): { name: string; path: string }[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) throw new Error(`Cannot build: found no ${need.kind} ${place}, expected it because ${need.neededBy}`);
  if (found.isFile()) return [{ name: basename(place), path: place }];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ name: relative(place, path).split(sep).join("/"), path }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Sends the contents the server does not have yet; returns their hashes in order. */
async function upload(server: ServerAddress, contents: readonly Uint8Array[]): Promise<string[]> {
  const hashes = contents.map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  const { missing } = await requestJson<{ missing: string[] }>(server, "POST", "/api/v2/blobs/missing", { hashes });
  for (const hash of missing)
    await requestJson(server, "PUT", `/api/v2/blobs/${hash}`, contents[hashes.indexOf(hash)]!);
  return hashes;
}
