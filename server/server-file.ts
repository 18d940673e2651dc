// server.json in the home: where the running server answers and its token, for commands and notebooks (0600).
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { writePrivate } from "./auth/start-token.ts";

export interface ServerFile {
  readonly url: string;
  readonly token: string;
  readonly pid: number;
  readonly version: string;
}

export function writeServerFile(home: string, file: ServerFile): void {
  writePrivate(pathIn(home), `${JSON.stringify(file, null, 2)}\n`);
}

/** What the home says; its server may have been killed since. */
export function readServerFile(home: string): ServerFile | undefined {
  const path = pathIn(home);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ServerFile;
  } catch {
    return undefined;
  }
}

export function removeServerFile(home: string): void {
  rmSync(pathIn(home), { force: true });
}

function pathIn(home: string): string {
  return join(home, "server.json");
}
