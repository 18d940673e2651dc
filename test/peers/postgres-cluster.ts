// A real Postgres for tests: the one CELLWRIGHT_POSTGRES_URL names, else a cluster of our own from the binaries found here, in
// a temporary folder, on a free port of loopback. Postgres refuses to run as root; then the folder's owner runs it.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import pg from "pg";
import { freePort } from "./free-port.ts";

export interface Cluster {
  /** A database of its own, empty. */
  newDatabase(): Promise<{ readonly url: string; remove(): Promise<void> }>;
  stop(): Promise<void>;
}

/** Why there is none, when there is none. */
export async function startCluster(): Promise<Cluster | string> {
  const given = process.env["CELLWRIGHT_POSTGRES_URL"];
  if (given) return clusterAt(given, async () => {});
  const bin = findBinaries();
  if (!bin) return "no initdb and postgres found, and CELLWRIGHT_POSTGRES_URL is not set";
  const owner = process.getuid?.() === 0 ? unprivilegedUser() : undefined;
  if (process.getuid?.() === 0 && !owner) return "Postgres does not run as root, and there is no other user here";
  return startOwn(bin, owner);
}

interface User {
  readonly uid: number;
  readonly gid: number;
}

async function startOwn(bin: string, owner: User | undefined): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "cellwright-postgres-"));
  if (owner) chownSync(folder, owner.uid, owner.gid);
  chmodSync(folder, 0o700);
  const data = join(folder, "data");
  const env = { PATH: process.env["PATH"], LC_ALL: "C" };
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "cellwright", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"],
    {
      ...owner,
      env,
      cwd: folder,
      stdio: "pipe",
    },
  );
  const port = await freePort();
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", "", "-c", "max_connections=200"],
    { ...owner, env, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  server.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const url = `postgres://cellwright@127.0.0.1:${port}/postgres`;
  const stop = async (): Promise<void> => {
    await ended(server);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilReady(url, () => server.exitCode !== null);
  } catch (error) {
    await stop();
    throw new Error(`Cannot start Postgres: ${log.trim().split("\n").at(-1)}`, { cause: error });
  }
  return clusterAt(url, stop);
}

function clusterAt(url: string, stop: () => Promise<void>): Cluster {
  let last = 0;
  return {
    stop,
    async newDatabase() {
      const name = `cellwright_test_${process.pid}_${++last}`;
      await command(url, `create database ${name}`);
      return {
        url: Object.assign(new URL(url), { pathname: `/${name}` }).href,
        remove: () => command(url, `drop database if exists ${name} with (force)`),
      };
    },
  };
}

async function command(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function untilReady(url: string, dead: () => boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await command(url, "select 1");
    } catch (error) {
      if (dead() || attempt === 300) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null) return resolve();
    server.once("exit", () => resolve());
    server.kill("SIGINT"); // fast shutdown
  });
}

function findBinaries(): string | undefined {
  const versions = "/usr/lib/postgresql";
  const installed = existsSync(versions)
    ? readdirSync(versions)
        .sort((a, b) => Number(b) - Number(a))
        .map((version) => join(versions, version, "bin"))
    : [];
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), ...installed];
  return folders.find((folder) => ["initdb", "postgres"].every((name) => existsSync(join(folder, name))));
}

function unprivilegedUser(): User | undefined {
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string): number => Number(execFileSync("id", [flag, name], { stdio: "pipe" }).toString());
      return { uid: id("-u"), gid: id("-g") };
    } catch {}
  }
  return undefined;
}
