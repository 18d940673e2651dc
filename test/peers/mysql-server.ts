// A real MariaDB for tests: the one CELLWRIGHT_MYSQL_URL names, else a server of our own from the binaries found here, in a
// temporary folder, on a free port of loopback.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { freePort } from "./free-port.ts";

export interface MysqlServer {
  /** Of an empty database, with a user who may do everything in it. */
  readonly url: string;
  run(...statements: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is none, when there is none. */
export async function startMysql(): Promise<MysqlServer | string> {
  const given = process.env["CELLWRIGHT_MYSQL_URL"];
  if (given) return serverAt(given, async () => {});
  const [server, install] = [find("mariadbd"), find("mariadb-install-db")];
  if (!server || !install) return "no mariadbd found, and CELLWRIGHT_MYSQL_URL is not set";
  return startOwn(server, install);
}

async function startOwn(server: string, install: string): Promise<MysqlServer> {
  const folder = mkdtempSync(join(tmpdir(), "cellwright-mysql-"));
  const user = userInfo().username;
  const [data, socket, start] = ["data", "socket", "start.sql"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  execFileSync(
    install,
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--user=${user}`,
      "--auth-root-authentication-method=normal",
      "--skip-test-db",
    ],
    { stdio: "pipe" },
  );
  const port = await freePort();
  const child = spawn(
    server,
    [
      "--no-defaults",
      `--datadir=${data}`,
      `--user=${user}`,
      `--port=${port}`,
      "--bind-address=127.0.0.1",
      `--socket=${socket}`,
      `--pid-file=${start}.pid`,
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    log += text;
  });
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const root = `mysql://root@127.0.0.1:${port}/mysql`;
  try {
    await untilReady(root, () => child.exitCode !== null);
    await run(root, [
      "CREATE DATABASE shop",
      "CREATE USER anna@127.0.0.1 IDENTIFIED BY 'secret'",
      "GRANT ALL ON shop.* TO anna@127.0.0.1",
    ]);
  } catch (error) {
    await stop();
    throw new Error(`Cannot start MariaDB: ${log.trim().split("\n").at(-1)}`, { cause: error });
  }
  return serverAt(`mysql://anna:secret@127.0.0.1:${port}/shop`, stop);
}

function serverAt(url: string, stop: () => Promise<void>): MysqlServer {
  return { url, stop, run: (...statements) => run(url, statements) };
}

async function run(url: string, statements: readonly string[]): Promise<void> {
  const connection = await createConnection(url);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

async function untilReady(url: string, dead: () => boolean): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await run(url, ["SELECT 1"]);
    } catch (error) {
      if (dead() || attempt === 300) throw error;
      await wait(100);
    }
  }
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

function find(program: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter).filter(Boolean), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, program)).find((path) => existsSync(path));
}
