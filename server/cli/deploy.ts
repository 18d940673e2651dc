// `cellwright deploy NB --function F --name NAME`: from a notebook's export to a model that answers.
import { statSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { type DeployedModel, deployNotebook } from "../../lib/platform/deploy-notebook.ts";
import { readFolders } from "../settings.ts";
import { CommandError, exitCodes, note, print } from "./output.ts";
import { type AddressFlags, findServer, withAddressFlags } from "./server-address.ts";

interface DeployFlags extends AddressFlags {
  readonly function: string;
  readonly name: string;
  readonly replicas: number;
  readonly comment?: string;
  readonly json?: boolean;
}

export function deployCommand(): Command {
  const command = new Command("deploy")
    .description("build an exported function of a notebook and deploy it; an existing model gets the new build")
    .argument("<notebook>", "an .ipynb file")
    .requiredOption("--function <name>", "the exported function that answers calls")
    .requiredOption("--name <model>", "the model's name")
    .option("--replicas <n>", "processes that answer calls", positiveInteger, 1)
    .option("--comment <text>", "shown beside the build")
    .option("--json", "as JSON")
    .addHelpText(
      "after",
      "\nExit codes: 0 it answers, 1 the build or the deployment failed, 2 wrong use, 3 no running server",
    );
  return withAddressFlags(command).action(deploy);
}

async function deploy(notebook: string, flags: DeployFlags): Promise<void> {
  const server = findServer(flags);
  if (!statSync(notebook, { throwIfNoEntry: false })?.isFile()) {
    throw new CommandError(`Cannot read ${notebook}: found no such file, expected a notebook`, exitCodes.wrongUse);
  }
  const deployed = await deployNotebook(server, {
    notebook,
    ...readFolders(flags),
    function: flags.function,
    name: flags.name,
    replicas: flags.replicas,
    comment: flags.comment ?? "",
    onStep: note,
  });
  print(flags.json ? JSON.stringify(deployed, null, 2) : describe(deployed));
}

function describe({ name, endpoint, accessKey, unchanged, curl }: DeployedModel): string {
  return [
    `${name} ${unchanged ? "is deployed as it is: nothing changed" : "is deployed"}`,
    `endpoint    ${endpoint}`,
    `access key  ${accessKey}`,
    curl,
  ].join("\n");
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0 && value <= 64) return value;
  throw new InvalidArgumentError("expected a whole number from 1 to 64");
}
