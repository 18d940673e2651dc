// The client's side of a deployment: asks the server for a build, sends what it turns out to need by content, deploys, waits.
// (Notebooks have the same in lib/platform, which the server may not import.)
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Build, BuildInput, BuildNeed, Deployment, Model } from "../../lib/contract/model.ts";
import { requestJson, ServerError } from "../../lib/core/request-json.ts";
import type { ServerAddress } from "../../lib/core/settings.ts";
import { readFolders } from "../settings.ts";
import { CommandError, exitCodes, shellQuote } from "./output.ts";

export interface DeployNotebookOptions {
  /** From the working directory. */
  readonly notebook: string;
  readonly project?: string | undefined;
  readonly home?: string | undefined;
  readonly function: string;
  readonly name: string;
  readonly replicas: number;
  readonly comment: string;
  readonly onStep: (text: string) => void;
}

export interface NotebookDeployment {
  readonly name: string;
  readonly endpoint: string;
  readonly accessKey: string;
  readonly page: string;
  readonly build: Build;
  readonly deployment: Deployment;
  /** The same content ran already. */
  readonly unchanged: boolean;
  /** Works when pasted. */
  readonly curl: string;
}

/** @throws CommandError no such notebook, or the deployment does not start; ServerError the server refused */
export async function deployNotebook(
  server: ServerAddress,
  options: DeployNotebookOptions,
): Promise<NotebookDeployment> {
  const { name, replicas, onStep } = options;
  const notebook = readNotebookFile(options.notebook);
  const model = await modelNamed(server, name);
  onStep(`building ${options.notebook}`);
  const build = await buildNotebook(server, notebook, options);
  const running = model.deployment;
  const unchanged = running?.build === build.id && running.replicas === replicas && running.status === "deployed";
  if (!unchanged) onStep(`deploying build ${build.id.slice(0, 7)}`);
  const deployment = unchanged ? running : await deployBuild(server, name, build.id, replicas);
  const endpoint = `${server.url}/model`;
  return {
    name,
    endpoint,
    accessKey: model.accessKey,
    page: `${server.url}/ui/models/${name}`,
    build,
    deployment,
    unchanged,
    curl: curlLine(endpoint, model.accessKey, deployment.example ?? {}),
  };
}

export function curlLine(endpoint: string, accessKey: string, request: unknown): string {
  const body = JSON.stringify({ accessKey, request });
  return `curl -s ${endpoint} -H 'content-type: application/json' -d ${shellQuote(body)}`;
}

function readNotebookFile(path: string): { readonly path: string; readonly bytes: Uint8Array } {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return { path: resolve(path), bytes: readFileSync(path) };
  throw new CommandError(`Cannot read ${path}: found no such file, expected a notebook`, exitCodes.wrongUse);
}

async function modelNamed(server: ServerAddress, name: string): Promise<Model> {
  try {
    return await requestJson<Model>(server, "GET", `/api/v2/models/${encodeURIComponent(name)}`);
  } catch (error) {
    if (!(error instanceof ServerError && error.status === 404)) throw error;
    return requestJson<Model>(server, "POST", "/api/v2/models", { name });
  }
}

async function deployBuild(server: ServerAddress, name: string, build: string, replicas: number): Promise<Deployment> {
  const path = `/api/v2/models/${encodeURIComponent(name)}/deployments?wait=1`;
  const deployment = await requestJson<Deployment>(server, "POST", path, { build, replicas });
  if (deployment.status === "deployed") return deployment;
  throw new CommandError(`Cannot deploy ${name}: it is ${deployment.status}, ${deployment.problem}`);
}

/** Asks for the build, sends what it needs, and asks again until nothing is missing. */
async function buildNotebook(
  server: ServerAddress,
  { path, bytes }: { readonly path: string; readonly bytes: Uint8Array },
  options: DeployNotebookOptions,
): Promise<Build> {
  const folders = readFolders({ project: options.project, home: options.home } as Parameters<typeof readFolders>[0]);
  const [notebookSha256] = await upload(server, [bytes]);
  const inputs: BuildInput[] = [];
  for (;;) {
    const answer = await requestJson<{ build: Build } | { needs: BuildNeed[] }>(
      server,
      "POST",
      `/api/v2/models/${encodeURIComponent(options.name)}/builds`,
      {
        notebookPath: pathForPeople(path, folders.project),
        notebookSha256,
        function: options.function,
        inputs,
        comment: options.comment,
      },
    );
    if ("build" in answer) return answer.build;
    for (const need of answer.needs) {
      options.onStep(`sending ${need.path}`);
      inputs.push(await send(server, need, placeOf(need, { ...folders, notebook: dirname(path) })));
    }
  }
}

function pathForPeople(path: string, project: string): string {
  const below = relative(project, path);
  return below.startsWith("..") || isAbsolute(below) ? basename(path) : below.split(sep).join("/");
}

/** As the library resolves it: modules from the notebook, bare model folders in the home, all else from the project. */
function placeOf({ path, kind }: BuildNeed, folders: { project: string; home: string; notebook: string }): string {
  if (kind === "module") return resolve(folders.notebook, path);
  if (kind === "folder" && !path.includes("/")) {
    const inHome = join(folders.home, "artifacts", "models", path);
    if (existsSync(inHome)) return inHome;
  }
  return resolve(folders.project, path);
}

async function send(server: ServerAddress, need: BuildNeed, place: string): Promise<BuildInput> {
  const files = filesAt(place, need);
  const hashes = await upload(
    server,
    files.map(({ path }) => readFileSync(path)),
  );
  const { path, kind } = need;
  return { path, kind, files: files.map(({ name }, i) => ({ path: name, sha256: hashes[i]! })) };
}

function filesAt(place: string, { path, neededBy }: BuildNeed): { readonly name: string; readonly path: string }[] {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found) {
    throw new CommandError(`Cannot build: found no ${place}, expected ${JSON.stringify(path)} there (${neededBy})`);
  }
  if (found.isFile()) return [{ name: basename(place), path: place }];
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ name: relative(place, file).split(sep).join("/"), path: file }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Sends the contents that the server does not have yet; returns their hashes in order. */
async function upload(server: ServerAddress, contents: readonly Uint8Array[]): Promise<string[]> {
  const hashes = contents.map((bytes) => createHash("sha256").update(bytes).digest("hex"));
  const { missing } = await requestJson<{ missing: string[] }>(server, "POST", "/api/v2/blobs/missing", { hashes });
  for (const hash of missing) {
    await requestJson(server, "PUT", `/api/v2/blobs/${hash}`, contents[hashes.indexOf(hash)]!);
  }
  return hashes;
}
