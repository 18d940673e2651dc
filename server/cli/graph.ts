// `cellwright graph NB`: which code cell declares, uses and changes what.
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { Command } from "commander";
import { type CellNode, cellGraph } from "../../kernel/notebook/cell-graph.ts";
import { notebookCells } from "../builds/notebook-cells.ts";
import { CommandError, exitCodes, print } from "./output.ts";

export function graphCommand(): Command {
  return new Command("graph")
    .description("show which code cell declares, uses and changes what")
    .argument("<notebook>", "an .ipynb file")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExit codes: 0 shown, 2 wrong use")
    .action(graph);
}

function graph(path: string, { json }: { readonly json?: boolean }): void {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) {
    throw new CommandError(`Cannot read ${path}: found no such file, expected a notebook`, exitCodes.wrongUse);
  }
  const nodes = cellGraph(cellsOf(path));
  print(json ? JSON.stringify(nodes, null, 2) : nodes.map(describeCell).join("\n"));
}

function cellsOf(path: string): Parameters<typeof cellGraph>[0] {
  try {
    return notebookCells(readFileSync(path, "utf8"), basename(path)).code;
  } catch (error) {
    throw new CommandError((error as Error).message, exitCodes.wrongUse);
  }
}

/** `4  model      declares model · uses rows, train · changes rows`. */
export function describeCell({ position, id, declares, uses, changes, exports, tags, problem }: CellNode): string {
  const parts = [
    list("declares", declares),
    list("uses", uses),
    list("changes", changes),
    list("exports", exports),
    list("tagged", tags),
    problem === undefined ? "" : `does not parse, ${problem}`,
  ].filter((part) => part !== "");
  return `cell ${position} (${id})  ${parts.join(" · ") || "–"}`;
}

function list(what: string, names: readonly string[]): string {
  return names.length > 0 ? `${what} ${names.join(", ")}` : "";
}
