// What a newcomer sees first: the example notebooks run one after the other, the last deploys its model and calls it. A first
// start that was cut short goes on at the notebook it had reached.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { exitCodes, note } from "./output.ts";
import { planRuns } from "./plan-runs.ts";
import { runNotebooks } from "./run-notebooks.ts";

export interface FirstStartPlace {
  readonly project: string;
  readonly home: string;
  /** No model had been made here. */
  readonly wasEmpty: boolean;
}

const pipeline = ["1_data_ingest", "3_model_building", "5_model_serve"];

/**
 * Runs what is left of the example pipeline; nothing where it has run, where models were made without it, or where the project
 * has no such notebooks.
 *
 * @returns 0, or the exit code of the notebook that did not run through
 */
export async function firstStart({ project, home, wasEmpty }: FirstStartPlace): Promise<number> {
  const done = readDone(home) ?? (wasEmpty ? [] : pipeline);
  const left = pipeline.filter((name) => !done.includes(name));
  const paths = left.map((name) => join(project, "notebooks", `${name}.ipynb`));
  if (left.length === 0 || !paths.every((path) => existsSync(path))) return 0;
  note(`first start: ${left.length} notebooks, then the model answers`);
  for (const [i, path] of paths.entries()) {
    const runs = planRuns({ paths: [relative(process.cwd(), path)], home, parameters: {} });
    const code = await runNotebooks(runs, { project, home, kernel: "cellwright", jobs: 1, json: false });
    if (code !== 0) {
      if (code === exitCodes.failed) note("The server goes on without it; the next start tries again.");
      return code;
    }
    done.push(left[i]!);
    writeDone(home, done);
  }
  return 0;
}

function fileIn(home: string): string {
  return join(home, "first-start.json");
}

function readDone(home: string): string[] | undefined {
  const file = fileIn(home);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as { done: string[] }).done : undefined;
}

function writeDone(home: string, done: readonly string[]): void {
  const file = fileIn(home);
  writeFileSync(`${file}.next`, `${JSON.stringify({ done })}\n`);
  renameSync(`${file}.next`, file);
}
