// Builds of models: the rules. Knows no HTTP and no SQL; blobs, the trial run and time are handed in.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { BuildManifest, CheckResult } from "../../lib/contract/build-manifest.ts";
import type { Build, BuildInput, BuildNeed, Page } from "../../lib/contract/model.ts";
import { quote } from "../../lib/core/check.ts";
import type { Principal } from "../auth/principal.ts";
import { BadRequestError, NotFoundError } from "../errors.ts";
import type { BlobStore } from "../storage/artifacts.ts";
import type { BuildTable, ModelTable } from "../storage/tables.ts";
import { BuildError } from "./build-error.ts";
import { type BuiltNotebook, buildNotebook } from "./build-notebook.ts";
import type { BuildKey, BuildStore } from "./store.ts";

export interface BuildServiceParts {
  readonly store: BuildStore;
  readonly blobs: BlobStore;
  /** One folder a build, named by content. */
  readonly buildsFolder: string;
  /** Folder from which npm packages resolve upward: the project's. */
  readonly packagesFolder: string;
  /** Runs a build folder's cells once, elsewhere; what they print goes to `onOutput`. */
  readonly check: (buildFolder: string, onOutput: (text: string) => void) => Promise<CheckResult>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** Builds at a time; each runs a process. Default 2. */
  readonly concurrency?: number;
}

export interface RequestedBuild {
  readonly notebookPath: string;
  readonly notebookSha256: string;
  readonly function: string;
  readonly inputs: readonly BuildInput[];
  readonly comment: string;
}

export type BuildAnswer = { readonly build: Build; readonly isNew: boolean } | { readonly needs: readonly BuildNeed[] };

export interface BuildService {
  /**
   * @throws NotFoundError no such model; BadRequestError a blob was not uploaded; BuildError the notebook gives no build
   */
  createBuild(by: Principal, model: string, requested: RequestedBuild): Promise<BuildAnswer>;
  getBuild(by: Principal, model: string, id: string): Promise<Build>;
  /** Latest first. */
  listBuilds(
    by: Principal,
    model: string,
    page?: { readonly pageSize?: number; readonly pageToken?: string },
  ): Promise<Page<Build>>;
  /** Those of the hashes that have to be uploaded. */
  missingBlobs(hashes: readonly string[]): Promise<string[]>;
  /** @throws BadRequestError the content has another hash */
  putBlob(sha256: string, content: Readable): Promise<void>;
}

/** What cells print while they are tried is kept up to this. */
const logLimit = 64_000;

export function createBuildService(parts: BuildServiceParts): BuildService {
  const { store, blobs, buildsFolder, packagesFolder, check, clock, concurrency = 2 } = parts;
  const inTurn = createTurns(concurrency);

  async function modelRow(by: Principal, name: string): Promise<Pick<ModelTable, "id" | "name">> {
    const row = await store.findModel(by.project, name);
    if (row) return row;
    throw new NotFoundError(`Cannot find model ${quote(name)}: the project ${by.project} has none of this name`);
  }

  async function createBuild(by: Principal, name: string, requested: RequestedBuild): Promise<BuildAnswer> {
    const model = await modelRow(by, name);
    await requireBlobs(blobs, requested);
    let log = "";
    const onOutput = (text: string): void => {
      log = (log + text).slice(-logLimit);
    };
    try {
      const outcome = await inTurn(async () =>
        buildNotebook(
          {
            notebook: (await readBlob(requested.notebookSha256)).toString("utf8"),
            notebookPath: requested.notebookPath,
            functionName: requested.function,
            inputs: requested.inputs,
          },
          { buildsFolder, packagesFolder, readBlob, check: (folder) => check(folder, onOutput) },
        ),
      );
      if ("needs" in outcome) return outcome;
      return await keep(by, model, requested, outcome, log);
    } catch (error) {
      if (error instanceof BuildError) await noteFailure(by, model, requested, `${log}${error.message}`);
      throw error;
    }
  }

  async function readBlob(sha256: string): Promise<Buffer> {
    return readFile(await blobs.pathOf(sha256));
  }

  async function keep(
    by: Principal,
    model: Pick<ModelTable, "id" | "name">,
    requested: RequestedBuild,
    { manifest }: BuiltNotebook,
    log: string,
  ): Promise<BuildAnswer> {
    const row = rowOf(by, model.id, requested, { id: manifest.id, log, now: clock() });
    const isNew = await store.insertBuild({
      ...row,
      status: "built",
      size_bytes: manifest.bundleBytes,
      manifest: JSON.stringify(manifest),
    });
    const kept = await store.findBuild(model.id, manifest.id);
    return { build: toBuild(kept!, model.name), isNew };
  }

  async function noteFailure(
    by: Principal,
    model: Pick<ModelTable, "id">,
    requested: RequestedBuild,
    log: string,
  ): Promise<void> {
    const { comment: _comment, ...attempt } = requested;
    const id = createHash("sha256")
      .update(JSON.stringify({ failed: attempt }))
      .digest("hex");
    const row = rowOf(by, model.id, requested, { id, log: log.slice(-logLimit), now: clock() });
    await store.noteFailedBuild({ ...row, status: "failed", size_bytes: 0, manifest: "" });
  }

  return {
    createBuild,

    async getBuild(by, name, id) {
      const model = await modelRow(by, name);
      const row = await store.findBuild(model.id, id);
      if (row) return toBuild(row, model.name);
      throw new NotFoundError(`Cannot find build ${quote(id)}: model ${quote(name)} has none of this id`);
    },

    async listBuilds(by, name, { pageSize = 100, pageToken } = {}) {
      const model = await modelRow(by, name);
      const rows = await store.listBuilds(model.id, { after: readKey(pageToken), limit: pageSize + 1 });
      const items = rows.slice(0, pageSize).map((row) => toBuild(row, model.name));
      const last = rows[pageSize - 1];
      return { items, ...(rows.length > pageSize && last && { next_page_token: `${last.created_at}.${last.id}` }) };
    },

    missingBlobs: (hashes) => blobs.missing(hashes),
    putBlob: (sha256, content) => blobs.put(sha256, content),
  };
}

async function requireBlobs(blobs: BlobStore, { notebookSha256, inputs }: RequestedBuild): Promise<void> {
  const hashes = [notebookSha256, ...inputs.flatMap(({ files }) => files.map(({ sha256 }) => sha256))];
  const [missing, ...others] = await blobs.missing(hashes);
  if (missing === undefined) return;
  throw new BadRequestError(
    `Cannot build: found no blob ${missing}${others.length > 0 ? ` and ${others.length} more` : ""}, expected them uploaded first`,
  );
}

function rowOf(
  by: Principal,
  modelId: string,
  { notebookPath, comment, function: functionName }: RequestedBuild,
  { id, log, now }: { readonly id: string; readonly log: string; readonly now: number },
): Omit<BuildTable, "status" | "size_bytes" | "manifest"> {
  return {
    model_id: modelId,
    id,
    crn: `crn:cellwright:ml:::workspace:${by.project}/model-build/${id}`,
    notebook_path: notebookPath,
    function: functionName,
    comment,
    log,
    project: by.project,
    created_by: by.id,
    created_at: now,
    updated_at: now,
  };
}

function toBuild(row: BuildTable, model: string): Build {
  const manifest = row.manifest === "" ? undefined : (JSON.parse(row.manifest) as BuildManifest);
  return {
    id: row.id,
    crn: row.crn,
    model,
    notebookPath: row.notebook_path,
    function: row.function,
    comment: row.comment,
    status: row.status as Build["status"],
    cells: manifest?.cells ?? [],
    sizeBytes: Number(row.size_bytes),
    log: row.log,
    createdAt: Number(row.created_at),
  };
}

function readKey(token: string | undefined): BuildKey | undefined {
  if (token === undefined) return undefined;
  const [, createdAt, id] = /^(\d+)\.([0-9a-f]{64})$/.exec(token) ?? [];
  if (id) return { createdAt: Number(createdAt), id };
  throw new BadRequestError(`Cannot read page_token: found ${quote(token)}, expected the one of the page before`);
}

/** At most so many at a time, the others wait in order. */
function createTurns(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
