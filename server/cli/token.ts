// `cellwright token rotate`: a new start token; the old one and the browser sessions made from it open nothing any more.
import { Command } from "commander";
import { requestJson, ServerError } from "../../lib/core/request-json.ts";
import { rotateStartToken } from "../auth/start-token.ts";
import { readServerFile } from "../server-file.ts";
import { readFolders } from "../settings.ts";
import { print } from "./output.ts";
import { type AddressFlags, findServer, withAddressFlags } from "./server-address.ts";

export function tokenCommand(): Command {
  const rotate = new Command("rotate")
    .description("make a new start token and print it; the old one is refused from then on")
    .option("--json", "as JSON");
  return new Command("token").description("the start token").addCommand(withAddressFlags(rotate).action(rotateToken));
}

async function rotateToken(flags: AddressFlags & { json?: boolean }): Promise<void> {
  const token = (await rotateAtServer(flags)) ?? rotateStartToken(readFolders(flags).home);
  print(flags.json ? JSON.stringify({ token }) : token);
}

/** A running server has to hear of it; undefined when none runs. */
async function rotateAtServer(flags: AddressFlags): Promise<string | undefined> {
  if (!flags.server && !readServerFile(readFolders(flags).home)) return undefined;
  try {
    const { token } = await requestJson<{ token: string }>(findServer(flags), "POST", "/api/v2/token/rotate");
    return token;
  } catch (error) {
    if (error instanceof ServerError && error.status === 0 && !flags.server) return undefined; // its file outlived it
    throw error;
  }
}
