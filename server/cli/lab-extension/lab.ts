// `cellwright lab extension install|list|remove`: prebuilt extensions of JupyterLab, for the page at /lab.
import { Command } from "commander";
import { labExtensions } from "../../jupyter/lab/lab-extensions.ts";
import { readFolders, readLabExtensionsFolder, type SettingFlags } from "../../settings.ts";
import { note, print } from "../output.ts";
import { installExtension, removeExtension } from "./install-extension.ts";

interface Flags extends SettingFlags {
  readonly json?: boolean;
}

export function labCommand(): Command {
  const extension = new Command("extension").description("JupyterLab's prebuilt extensions");
  extension
    .addCommand(
      withFlags(new Command("install"))
        .argument("<source>", "an npm package, a .whl from PyPI, a .tgz, or a folder")
        .description("put one into the folder that Lab loads them from")
        .action(install),
    )
    .addCommand(withFlags(new Command("list")).description("those that Lab loads").action(list))
    .addCommand(withFlags(new Command("remove")).argument("<name>").description("take one away again").action(remove))
    .addHelpText(
      "after",
      "\nAn extension is code that runs in Lab with your rights.\nExit codes: 0 done, 1 it did not work, 2 wrong use",
    );
  return new Command("lab").description("what JupyterLab at /lab has besides").addCommand(extension);
}

function withFlags(command: Command): Command {
  return command
    .option("--project <folder>", "the project's folder (default: CELLWRIGHT_PROJECT, else here)")
    .option("--home <folder>", "the home folder (default: CELLWRIGHT_HOME, else .cellwright in the project)")
    .option("--json", "as JSON");
}

function install(source: string, flags: Flags): void {
  const { name, version, folder } = installExtension(source, folderOf(flags));
  print(flags.json ? JSON.stringify({ name, version, folder }) : `${name}  ${version}  ${folder}`);
  note("There when Lab's page is loaded anew.");
}

function list(flags: Flags): void {
  const found = labExtensions(folderOf(flags), note).map(({ name, version, folder }) => ({ name, version, folder }));
  if (flags.json) print(JSON.stringify({ extensions: found }, null, 2));
  else if (found.length === 0) print("none; cellwright lab extension install puts one there");
  else for (const { name, version, folder } of found) print(`${name}  ${version}  ${folder}`);
}

function remove(name: string, flags: Flags): void {
  removeExtension(name, folderOf(flags));
  print(flags.json ? JSON.stringify({ removed: name }) : `gone  ${name}`);
}

function folderOf(flags: Flags): string {
  return readLabExtensionsFolder(readFolders(flags));
}
