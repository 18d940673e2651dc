// What a run's process is: `cellwright run` for a notebook, Node for a script; with the environment that a job's code sees.
import { mkdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { JsonValue } from "../../lib/contract/signature.ts";
import { bundleProgram } from "../bundle-program.ts";
import type { JobSettings } from "./job-rows.ts";
import { jobFile, requireParameters } from "./project-file.ts";

export interface CommandParts {
  readonly job: JobSettings;
  readonly parameters: Readonly<Record<string, JsonValue>>;
  readonly project: string;
  readonly home: string;
  /** The run's own. */
  readonly folder: string;
  /** The compiled `cellwright`. */
  readonly bin: string;
}

export interface Command {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** Where the executed notebook will be; absent for a script. */
  readonly notebook?: string;
}

/** @throws Error the file is not there any more, does not compile, or does not take the parameters */
export async function commandOf({ job, parameters, project, home, folder, bin }: CommandParts): Promise<Command> {
  const file = jobFile(project, job.file);
  requireParameters(file, job.file, Object.keys(parameters));
  mkdirSync(folder, { recursive: true });
  if (file.kind === "notebook") {
    const notebook = executedNotebook(folder, job.file);
    const set = Object.entries(parameters).flatMap(([name, value]) => ["-p", `${name}=${JSON.stringify(value)}`]);
    const where = ["--project", project, "--home", home, "--kernel", job.kernel, "--events", "3", "-o", notebook];
    return { argv: [bin, "run", ...where, ...set, "--", job.file], cwd: project, notebook };
  }
  const script = await bundleProgram(file.path, join(folder, "script.mjs"));
  return { argv: ["--enable-source-maps", script, ...job.arguments], cwd: project };
}

export function executedNotebook(folder: string, file: string): string {
  return join(folder, basename(file));
}
