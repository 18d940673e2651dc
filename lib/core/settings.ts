// The library's settings: where the project and its home are, and which server to talk to. Nobody else in lib reads process.env.
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";

/** The project's folder: CELLWRIGHT_PROJECT, else the nearest folder upward with a package.json, else the working directory. */
export function projectFolder(): string {
  const named = process.env["CELLWRIGHT_PROJECT"];
  if (named) return resolve(named);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

/** The home folder: CELLWRIGHT_HOME, else `.cellwright` in the project. */
export function homeFolder(): string {
  return resolve(projectFolder(), process.env["CELLWRIGHT_HOME"] || ".cellwright");
}

/** Warehouse folder: CELLWRIGHT_WAREHOUSE where it names a folder and no bucket, else `warehouse` in the home. */
export function warehouseFolder(): string {
  const named = warehouseSetting();
  const isFolder = named && !/^[a-z][a-z0-9+.-]*:\/\//i.test(named);
  return isFolder ? resolve(projectFolder(), named) : join(homeFolder(), "warehouse");
}

/** CELLWRIGHT_WAREHOUSE as it was set. */
export function warehouseSetting(): string | undefined {
  return process.env["CELLWRIGHT_WAREHOUSE"] || undefined;
}

/** CHURN_CSV: a real file of customers instead of generated ones. */
export function churnCsv(): string | undefined {
  return process.env["CHURN_CSV"] || undefined;
}

export interface S3Settings {
  /** Without a slash at its end; absent: Amazon's own. */
  readonly endpoint?: string;
  readonly region: string;
  /** Absent: nobody's, for public buckets. */
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** Where S3 objects are and who asks for them, by the names that every S3 client knows. */
export function s3Settings(): S3Settings {
  const { env } = process;
  const endpoint = (env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"])?.replace(/\/+$/, "");
  const region = env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || "us-east-1";
  const [accessKeyId, secretAccessKey] = [env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"]];
  const sessionToken = env["AWS_SESSION_TOKEN"];
  return {
    region,
    ...(endpoint && { endpoint }),
    ...(accessKeyId &&
      secretAccessKey && { keys: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) } }),
  };
}

/** CELLWRIGHT_JOB_RUN: the job run that this process belongs to, the same over its attempts and over restarts of the server. */
export function jobRunId(): string | undefined {
  return process.env["CELLWRIGHT_JOB_RUN"] || undefined;
}

/** A path as a notebook writes it: absolute as it is, else from the project's folder, never the working directory. */
export function fromProject(path: string): string {
  return isAbsolute(path) ? path : join(projectFolder(), path);
}

/** Where a model folder is: a bare name lives in the home, a path with a slash in the project, an absolute path stays. */
export function modelFolder(name: string): string {
  return name.includes("/") ? fromProject(name) : join(homeFolder(), "artifacts", "models", name);
}

export interface ServerAddress {
  /** Without a slash at its end: `http://127.0.0.1:8888`. */
  readonly url: string;
  readonly token: string;
}

/** The server to talk to: CELLWRIGHT_URL and CELLWRIGHT_TOKEN, else what the home folder's server.json says. */
export function serverAddress(): ServerAddress | undefined {
  const url = process.env["CELLWRIGHT_URL"];
  const token = process.env["CELLWRIGHT_TOKEN"];
  if (url && token) return { url: url.replace(/\/+$/, ""), token };
  const file = join(homeFolder(), "server.json");
  if (!existsSync(file)) return undefined;
  const { url: found, token: key } = JSON.parse(readFileSync(file, "utf8")) as ServerAddress;
  return { url: found.replace(/\/+$/, ""), token: key };
}
