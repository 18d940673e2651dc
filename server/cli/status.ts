// `cellwright status`: the running server and what it serves.
import { Command } from "commander";
import { requestJson, ServerError } from "../../lib/core/request-json.ts";
import type { ServerStatus } from "../status-routes.ts";
import { CommandError, exitCodes, print } from "./output.ts";
import { type AddressFlags, findServer, withAddressFlags } from "./server-address.ts";

export function statusCommand(): Command {
  const command = new Command("status")
    .description("the running server: url, pid, version, models with access keys and deployments, job runs")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExit codes: 0 it runs, 1 it refuses, 3 no running server");
  return withAddressFlags(command).action(showStatus);
}

async function showStatus(flags: AddressFlags & { json?: boolean }): Promise<void> {
  const status = await readStatus(flags);
  print(flags.json ? JSON.stringify(status, null, 2) : describe(status));
}

async function readStatus(flags: AddressFlags): Promise<ServerStatus> {
  const server = findServer(flags);
  try {
    return await requestJson<ServerStatus>(server, "GET", "/api/v2/status");
  } catch (error) {
    if (!(error instanceof ServerError && error.status === 0)) throw error;
    throw new CommandError(
      `Cannot reach ${server.url}: expected a running server (cellwright start)`,
      exitCodes.noServer,
    );
  }
}

function describe({ url, pid, version, models, jobRuns }: ServerStatus): string {
  const lines = [`running  ${url}  pid ${pid}  version ${version}`];
  if (models.length === 0) lines.push("no model yet: cellwright deploy NOTEBOOK --function F --name NAME");
  const widest = Math.max(0, ...models.map(({ name }) => name.length));
  for (const { name, accessKey, deployments } of models) {
    const states = deployments.map(({ status, replicas }) => `${status} ×${replicas}`).join(", ") || "not deployed";
    lines.push(`model    ${name.padEnd(widest)}  ${states}  access key ${accessKey}`);
  }
  const widestJob = Math.max(0, ...jobRuns.map(({ job }) => job.length));
  for (const { job, status, id } of jobRuns) lines.push(`job      ${job.padEnd(widestJob)}  ${status}  run ${id}`);
  return lines.join("\n");
}
