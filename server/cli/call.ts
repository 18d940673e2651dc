// `cellwright call NAME JSON`: one call of a deployed model.
import { Command } from "commander";
import type { Model } from "../../lib/contract/model.ts";
import { quote } from "../../lib/core/check.ts";
import { requestJson } from "../../lib/core/request-json.ts";
import { CommandError, exitCodes, print } from "./output.ts";
import { type AddressFlags, findServer, withAddressFlags } from "./server-address.ts";

export function callCommand(): Command {
  const command = new Command("call")
    .description("call a deployed model once; prints the reply's JSON")
    .argument("<name>", "the model")
    .argument("<json>", "the request: '{\"tenure\": 3}'")
    .option("--access-key <key>", "the model's access key (default: asked of the server)")
    .addHelpText("after", "\nExit codes: 0 answered, 1 refused or failed, 2 wrong use or request, 3 no running server");
  return withAddressFlags(command).action(callModel);
}

async function callModel(name: string, json: string, flags: AddressFlags & { accessKey?: string }): Promise<void> {
  const request = parseRequest(json);
  const server = findServer(flags);
  const accessKey = flags.accessKey ?? (await accessKeyOf(server, name));
  const reply = await requestJson({ url: server.url, token: "" }, "POST", "/model", { accessKey, request });
  print(JSON.stringify(reply));
}

function parseRequest(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CommandError(`Cannot read the request: found ${quote(json)}, expected JSON`, exitCodes.wrongUse);
  }
}

async function accessKeyOf(server: { url: string; token: string }, name: string): Promise<string> {
  return (await requestJson<Model>(server, "GET", `/api/v2/models/${encodeURIComponent(name)}`)).accessKey;
}
