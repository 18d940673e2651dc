// The file of a job: inside the project after symlinks, of a kind that runs, and, for a notebook, with the parameters asked for.
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { extname, isAbsolute, join, relative, sep } from "node:path";
import { readParameters } from "../../kernel/notebook/inject-parameters.ts";
import { NotebookError } from "../../kernel/notebook/nbformat.ts";
import { readNotebookBytes, requireLanguage } from "../../kernel/notebook/read-notebook.ts";
import { quote } from "../../lib/core/check.ts";
import { BadRequestError } from "../errors.ts";

export type JobFileKind = "notebook" | "typescript" | "javascript";

export interface JobFile {
  /** Absolute, without symlinks. */
  readonly path: string;
  readonly kind: JobFileKind;
}

const kinds: Readonly<Record<string, JobFileKind>> = {
  ".ipynb": "notebook",
  ".ts": "typescript",
  ".mjs": "javascript",
  ".js": "javascript",
};

/** @throws BadRequestError no such file, one of another kind, or one outside the project */
export function jobFile(project: string, file: string): JobFile {
  const complain = (found: string): BadRequestError =>
    new BadRequestError(
      `Cannot run ${quote(file)}: found ${found}, expected a notebook (.ipynb) or script (.ts, .mjs, .js) of the project`,
    );
  const kind = kinds[extname(file)];
  if (!kind) throw complain("a file of another kind");
  if (isAbsolute(file)) throw complain("an absolute path");
  const named = join(project, file);
  if (!isInside(project, named)) throw complain("a path outside the project");
  if (!existsSync(named)) throw complain("no such file");
  const path = realpathSync(named);
  if (!isInside(realpathSync(project), path)) throw complain("a link that leads outside the project");
  if (!statSync(path).isFile()) throw complain("a folder");
  return { path, kind };
}

/** @throws BadRequestError a parameter that the notebook does not declare, or no notebook of ours */
export function requireParameters({ path, kind }: JobFile, file: string, names: readonly string[]): void {
  if (kind !== "notebook") {
    if (names.length === 0) return;
    throw new BadRequestError(
      `Cannot set ${names.map(quote).join(", ")} of ${file}: found a script, expected arguments instead of parameters`,
    );
  }
  const known = declaredIn(path, file);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new BadRequestError(
    `Cannot set ${unknown.map(quote).join(", ")} of ${file}: found no such variable in its cell tagged parameters, expected ${known.join(", ") || "none"}`,
  );
}

function declaredIn(path: string, name: string): string[] {
  try {
    const notebook = readNotebookBytes(readFileSync(path), { name });
    requireLanguage(notebook, { name });
    return [...new Set(readParameters(notebook, { name }).map((variable) => variable.name))];
  } catch (cause) {
    if (cause instanceof NotebookError) throw new BadRequestError(cause.message, { cause });
    throw cause;
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== "" && way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
