// The client's side of a deployment: asks the server for a build, sends what it turns out to need by content, deploys, waits.
// Notebooks reach it by `deploy`, the command line by `cellwright deploy`.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Build, BuildInput, BuildNeed, Deployment, Model } from "../contract/model.ts";
import { requestJson, ServerError } from "../core/request-json.ts";
import type { ServerAddress } from "../core/settings.ts";
import { type LocalFolders, pathForPeople, readLocalInput } from "./local-inputs.ts";
import { snippets } from "./snippets.ts";

export interface DeployNotebookOptions {
  /** From the working directory. */
  readonly notebook: string;
  readonly project: string;
  readonly home: string;
  readonly function: string;
  readonly name: string;
  readonly replicas: number;
  readonly comment: string;
  /** A line of progress. */
  readonly onStep: (text: string) => void;
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
  /** The same content ran already. */
  readonly unchanged: boolean;
  /** One call with the model's example; works when pasted into a shell. */
  readonly curl: string;
}

/** @throws ServerError the server refused, or the deployment does not start; Error no such notebook, module or folder */
export async function deployNotebook(server: ServerAddress, options: DeployNotebookOptions): Promise<DeployedModel> {
  const { name, replicas, onStep } = options;
  const notebook = readFileSync(options.notebook);
  const model = await modelNamed(server, name);
  onStep(`building ${options.notebook}`);
  const build = await buildOn(server, notebook, options);
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
    modelCrn: model.crn,
    build,
    deployment,
    unchanged,
    curl: snippets({ endpoint, accessKey: model.accessKey }, deployment.example ?? {}).curl,
  };
}

async function modelNamed(server: ServerAddress, name: string): Promise<Model> {
  try {
    return await requestJson<Model>(server, "GET", modelPath(name));
  } catch (error) {
    if (!(error instanceof ServerError && error.status === 404)) throw error;
    return requestJson<Model>(server, "POST", "/api/v2/models", { name });
  }
}

async function deployBuild(server: ServerAddress, name: string, build: string, replicas: number): Promise<Deployment> {
  const path = `${modelPath(name)}/deployments?wait=1`;
  const deployment = await requestJson<Deployment>(server, "POST", path, { build, replicas });
  if (deployment.status === "deployed") return deployment;
  throw new ServerError(`Cannot deploy ${name}: it is ${deployment.status}, ${deployment.problem}`, 503, "not_ready");
}

/** Asks for the build, sends what it needs, and asks again until nothing is missing. */
async function buildOn(server: ServerAddress, notebook: Uint8Array, options: DeployNotebookOptions): Promise<Build> {
  const folders: LocalFolders = { ...options, notebook: dirname(resolve(options.notebook)) };
  const notebookSha256 = createHash("sha256").update(notebook).digest("hex");
  await upload(server, new Map([[notebookSha256, () => notebook]]));
  const inputs: BuildInput[] = [];
  for (;;) {
    const answer = await requestJson<{ build: Build } | { needs: BuildNeed[] }>(
      server,
      "POST",
      `${modelPath(options.name)}/builds`,
      {
        notebookPath: pathForPeople(options.notebook, options.project),
        notebookSha256,
        function: options.function,
        inputs,
        comment: options.comment,
      },
    );
    if ("build" in answer) return answer.build;
    for (const need of answer.needs) {
      options.onStep(`sending ${need.path}`);
      const { input, files } = readLocalInput(need, folders);
      await upload(server, new Map([...files].map(([hash, path]) => [hash, () => readFileSync(path)])));
      inputs.push(input);
    }
  }
}

/** Sends the contents that the server does not have yet. */
async function upload(server: ServerAddress, contents: ReadonlyMap<string, () => Uint8Array>): Promise<void> {
  const hashes = [...contents.keys()];
  const { missing } = await requestJson<{ missing: string[] }>(server, "POST", "/api/v2/blobs/missing", { hashes });
  for (const hash of missing) await requestJson(server, "PUT", `/api/v2/blobs/${hash}`, contents.get(hash)!());
}

function modelPath(name: string): string {
  return `/api/v2/models/${encodeURIComponent(name)}`;
}
