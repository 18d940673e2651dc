// Which server a command talks to: --server and --token, else CELLWRIGHT_URL and CELLWRIGHT_TOKEN, else server.json of the home.
import type { Command } from "commander";
import type { ServerAddress } from "../../lib/core/settings.ts";
import { readServerFile } from "../server-file.ts";
import { addressInEnvironment, readFolders } from "../settings.ts";
import { CommandError, exitCodes } from "./output.ts";

export interface AddressFlags {
  readonly server?: string;
  readonly token?: string;
  readonly project?: string;
  readonly home?: string;
}

/** The flags by which every command finds its server. */
export function withAddressFlags(command: Command): Command {
  return command
    .option("--server <url>", "the server's URL (default: CELLWRIGHT_URL, else the running one of the home folder)")
    .option("--token <token>", "the server's token (default: CELLWRIGHT_TOKEN, else the home folder's)")
    .option("--project <folder>", "the project's folder (default: CELLWRIGHT_PROJECT, else the working directory)")
    .option("--home <folder>", "the home folder (default: CELLWRIGHT_HOME, else .cellwright in the project)");
}

/** @throws CommandError none is known */
export function findServer(flags: AddressFlags): ServerAddress {
  const { home } = readFolders(flags);
  const named = addressInEnvironment();
  const kept = readServerFile(home);
  const url = flags.server ?? named.url ?? kept?.url;
  if (!url) {
    throw new CommandError(
      `Cannot find a server: found no server.json in ${home}, expected a running one (cellwright start) or --server URL`,
      exitCodes.noServer,
    );
  }
  const trimmed = url.replace(/\/+$/, "");
  const keptToken = kept?.url === trimmed ? kept.token : undefined; // a token goes to the server it belongs to
  return { url: trimmed, token: flags.token ?? named.token ?? keptToken ?? "" };
}
