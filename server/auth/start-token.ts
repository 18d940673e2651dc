// The start token: made on the first start, kept in the home (0600), the owner's key to everything.
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The home's token; made when there is none. */
export function startToken(home: string): string {
  const path = tokenFile(home);
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  return kept || rotateStartToken(home);
}

/** A new token in the home. The old one opens nothing any more, nor do cookies made from it. */
export function rotateStartToken(home: string): string {
  const token = randomBytes(24).toString("hex");
  writePrivate(tokenFile(home), `${token}\n`);
  return token;
}

/** Writes a file only its owner may read, whole or not at all. */
export function writePrivate(path: string, text: string): void {
  mkdirSync(join(path, ".."), { recursive: true });
  const written = `${path}.${process.pid}.tmp`;
  writeFileSync(written, text, { mode: 0o600 });
  chmodSync(written, 0o600);
  renameSync(written, path);
}

function tokenFile(home: string): string {
  return join(home, "token");
}
