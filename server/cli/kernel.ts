// `cellwright kernel install|uninstall|list`: our kernelspecs for any Jupyter on this machine.
import { Command, Option } from "commander";
import { userDataFolder } from "../../kernel/client/data-folders.ts";
import { installedKernels, installKernels, uninstallKernels } from "./kernelspec-folders.ts";
import { CommandError, print } from "./output.ts";

interface PlaceFlags {
  readonly user?: boolean;
  readonly prefix?: string;
  readonly json?: boolean;
}

export function kernelCommand(): Command {
  const command = new Command("kernel").description("the TypeScript kernel in other Jupyters");
  command.addCommand(
    withPlace(new Command("install")).description("make the kernels known to Jupyter").action(install),
  );
  command.addCommand(withPlace(new Command("uninstall")).description("take them away again").action(uninstall));
  command.addCommand(withPlace(new Command("list")).description("the kernels Jupyter finds, and where").action(list));
  return command.addHelpText("after", "\nExit codes: 0 done, 1 it did not work, 2 wrong use");
}

function withPlace(command: Command): Command {
  return command
    .addOption(new Option("--user", "for this user (default)").conflicts("prefix"))
    .option("--prefix <folder>", "below this folder, a virtual environment for instance")
    .option("--json", "as JSON");
}

function install(flags: PlaceFlags): void {
  const kernels = installKernels(placeOf(flags));
  if (flags.json) print(JSON.stringify({ kernels }, null, 2));
  else for (const { name, folder } of kernels) print(`${name}  ${folder}`);
}

function uninstall(flags: PlaceFlags): void {
  const place = placeOf(flags);
  const kernels = uninstallKernels(place);
  if (kernels.length === 0)
    throw new CommandError(`Cannot uninstall kernel cellwright: found none in ${place}, expected one`);
  if (flags.json) print(JSON.stringify({ kernels }, null, 2));
  else for (const { folder } of kernels) print(`gone  ${folder}`);
}

function list(flags: PlaceFlags): void {
  const kernels = installedKernels(flags.prefix === undefined ? undefined : placeOf(flags));
  if (flags.json) print(JSON.stringify({ kernels }, null, 2));
  else if (kernels.length === 0) print("none; cellwright kernel install makes ours known to Jupyter");
  else for (const { name, displayName, folder } of kernels) print(`${name}  ${displayName}  ${folder}`);
}

function placeOf({ prefix }: PlaceFlags): string {
  return userDataFolder(prefix);
}
