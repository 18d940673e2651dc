// `cellwright new DIR`: a project of the user's own, ready for `npm install`, `npm test` and `npm start`.
import { Command } from "commander";
import { note, print } from "./output.ts";

export function newCommand(): Command {
  return new Command("new")
    .description("make a project: notebooks, a library, a test and a workflow that run them headless")
    .argument("<folder>", "a new or an empty folder")
    .option(
      "--cellwright <file|spec>",
      "the package it depends on: a packed .tgz, which is copied in, or what npm takes (default: this one, packed)",
    )
    .addHelpText("after", "\nExit codes: 0 made, 1 it could not be written, 2 wrong use")
    .action(make);
}

async function make(folder: string, { cellwright }: { readonly cellwright?: string }): Promise<void> {
  const { writeProject } = await import("./new/write-project.ts");
  const files = await writeProject(folder, cellwright === undefined ? {} : { cellwright });
  for (const file of files) note(`  ${file}`);
  print(`Made ${folder}. Next: cd ${folder} && npm install && npm test && npm start`);
}
