#!/usr/bin/env node
// The `cellwright` command: one file a subcommand. Results on stdout, progress and failures on stderr; 2 is wrong use.
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { callCommand } from "./call.ts";
import { deployCommand } from "./deploy.ts";
import { kernelCommand } from "./kernel.ts";
import { exitCodes, failWith } from "./output.ts";
import { runCommand } from "./run.ts";
import { startCommand } from "./start.ts";
import { statusCommand } from "./status.ts";
import { tokenCommand } from "./token.ts";

const program = new Command("cellwright")
  .description("Jupyter for TypeScript with the whole model life cycle behind it")
  .version(version)
  .showHelpAfterError("(--help shows what it takes)");

const commands = [
  startCommand(),
  runCommand(),
  deployCommand(),
  callCommand(),
  statusCommand(),
  kernelCommand(),
  tokenCommand(),
];
for (const command of commands) program.addCommand(endingByThrow(command));

try {
  await endingByThrow(program).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUse;
  else failWith(error);
}

/** Commander throws instead of ending the process with its own exit codes. */
function endingByThrow(command: Command): Command {
  for (const below of command.commands) endingByThrow(below);
  return command.exitOverride();
}
