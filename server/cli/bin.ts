#!/usr/bin/env node
// The `cellwright` command: one file a subcommand, loaded when it is asked for. Results on stdout, progress and failures on
// stderr; 2 is wrong use.
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { exitCodes, failWith } from "./output.ts";

/** In the order of --help. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import("./start.ts")).startCommand(),
  new: async () => (await import("./new.ts")).newCommand(),
  run: async () => (await import("./run.ts")).runCommand(),
  deploy: async () => (await import("./deploy.ts")).deployCommand(),
  build: async () => (await import("./build.ts")).buildCommand(),
  call: async () => (await import("./call.ts")).callCommand(),
  status: async () => (await import("./status.ts")).statusCommand(),
  graph: async () => (await import("./graph.ts")).graphCommand(),
  kernel: async () => (await import("./kernel.ts")).kernelCommand(),
  lab: async () => (await import("./lab-extension/lab.ts")).labCommand(),
  token: async () => (await import("./token.ts")).tokenCommand(),
};

const program = new Command("cellwright")
  .description("Jupyter for TypeScript with the whole model life cycle behind it")
  .version(version)
  .showHelpAfterError("(--help shows what it takes)")
  .exitOverride();

try {
  const asked = process.argv[2] ?? "";
  const load = Object.hasOwn(commands, asked) ? [commands[asked]!] : Object.values(commands);
  for (const command of asked === "--version" ? [] : load) program.addCommand(endingByThrow(await command()));
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : exitCodes.wrongUse;
  else failWith(error);
}

/** Commander throws instead of ending the process with its own exit codes. */
function endingByThrow(command: Command): Command {
  for (const below of command.commands) endingByThrow(below);
  return command.exitOverride();
}
