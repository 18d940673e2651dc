// What `cellwright run` is going to do, checked before anything is started: the notebooks are ours, the parameters known, and
// nothing written over an input.
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import {
  injectParameters,
  type Parameters,
  parameterValue,
  readParameters,
} from "../../kernel/notebook/inject-parameters.ts";
import { type Notebook, NotebookError } from "../../kernel/notebook/nbformat.ts";
import { readNotebookBytes, requireLanguage } from "../../kernel/notebook/read-notebook.ts";
import { planResume, type ResumeOptions } from "../../kernel/runner/plan-resume.ts";
import { CommandError, exitCodes } from "./output.ts";

export interface PlannedRun {
  /** As given. */
  readonly path: string;
  /** Its folder, absolute. */
  readonly folder: string;
  readonly out: string;
  /** Where the page of what was executed goes, when one is wanted. */
  readonly html?: string;
  /** The same for its print. */
  readonly pdf?: string;
  readonly notebook: Notebook;
  readonly parameters: Parameters;
  /** What an earlier run left, to go on from. */
  readonly resume?: Pick<ResumeOptions, "earlier" | "from">;
}

export interface PlanRunsOptions {
  readonly paths: readonly string[];
  readonly home: string;
  /** As given: JSON, else text. */
  readonly parameters: Readonly<Record<string, string>>;
  /** A file for one notebook, else a folder. Default `runs` in the home. */
  readonly out?: string;
  /** The same for its page; none when left out. */
  readonly html?: string;
  /** The same for its print; none when left out. */
  readonly pdf?: string;
  /** Go on from what is at the place of `out`, where anything is. */
  readonly resume?: boolean;
  /** The cell to go on from; something must be there then. One notebook alone. */
  readonly from?: string;
}

/** @throws CommandError wrong use, a missing, corrupt or foreign notebook, an unknown parameter */
export function planRuns(options: PlanRunsOptions): PlannedRun[] {
  const { paths, home, parameters, out, html, pdf, resume = false, from } = options;
  if (from !== undefined && paths.length > 1)
    throw wrongUse(`Cannot go on from cell ${from}: found ${paths.length} notebooks, expected one`);
  try {
    const notebooks = paths.map(readFile);
    const given = Object.keys(parameters);
    const namesIn = (notebook: Notebook, i: number) =>
      readParameters(notebook, { name: paths[i]! }).map(({ name }) => name);
    const declared = given.length === 0 ? [] : notebooks.map(namesIn);
    const known = new Set(declared.flat());
    const unknown = given.find((name) => !known.has(name));
    if (unknown !== undefined) injectParameters(notebooks[0]!, { [unknown]: null }, { name: paths[0]! }); // says what there is
    const places = paths.map((path) => placeOf(path, out ?? `${join(home, "runs")}${sep}`, paths.length > 1));
    requireNewPlaces(paths, places);
    const besides = (ext: string, given: string | undefined): string[] => {
      const found = given === undefined ? [] : paths.map((path) => placeOf(named(path, ext), given, paths.length > 1));
      requireNewPlaces(paths, found);
      return found;
    };
    const [pages, prints] = [besides(".html", html), besides(".pdf", pdf)];
    return paths.map((path, i) => {
      const own = Object.entries(parameters)
        .filter(([name]) => declared[i]!.includes(name))
        .map(([name, text]) => [name, parameterValue(text)]);
      const values = Object.fromEntries(own);
      const earlier = resume || from !== undefined ? earlierRun(places[i]!, from) : undefined;
      const goesOn = earlier && { earlier, ...(from !== undefined && { from }) };
      if (goesOn) planResume(injectParameters(notebooks[i]!, values), { ...goesOn, name: path }); // refused here, before any starts
      return {
        path,
        folder: dirname(realpathSync(path)),
        out: places[i]!,
        ...(html !== undefined && { html: pages[i]! }),
        ...(pdf !== undefined && { pdf: prints[i]! }),
        notebook: notebooks[i]!,
        parameters: values,
        ...(goesOn && { resume: goesOn }),
      };
    });
  } catch (error) {
    if (error instanceof NotebookError) throw new CommandError(error.message, exitCodes.wrongUse);
    throw error;
  }
}

/** None where nothing was run yet: then every cell is. */
function earlierRun(out: string, from: string | undefined): Notebook | undefined {
  if (existsSync(out)) return readFile(out);
  if (from === undefined) return undefined;
  throw new NotebookError(`Cannot go on from cell ${from}: found no earlier run at ${out}, expected one`);
}

function readFile(path: string): Notebook {
  const notebook = readNotebookBytes(bytesOf(path), { name: path });
  requireLanguage(notebook, { name: path });
  return notebook;
}

function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const found = { ENOENT: "no such file", EISDIR: "a folder", EACCES: "a file that may not be read" }[code ?? ""];
    throw new NotebookError(`Cannot read ${path}: found ${found ?? String(code)}, expected a notebook`);
  }
}

function named(path: string, ext: string): string {
  return basename(path).replace(/\.ipynb$/, "") + ext;
}

/** A folder takes the notebook under its own name; an existing link is followed. */
function placeOf(path: string, out: string, several: boolean): string {
  const isFolder = several || /[/\\]$/.test(out) || (existsSync(out) && statSync(out).isDirectory());
  if (several && existsSync(out) && !statSync(out).isDirectory())
    throw wrongUse(`Cannot write ${out}: found a file, expected a folder for several notebooks`);
  const place = isFolder ? join(resolve(out), basename(path)) : resolve(out);
  if (existsSync(place) && statSync(place).isDirectory())
    throw wrongUse(`Cannot write ${place}: found a folder, expected a place for a file`);
  return existsSync(place) ? realpathSync(place) : place;
}

function requireNewPlaces(paths: readonly string[], places: readonly string[]): void {
  for (const [i, place] of places.entries()) {
    const input = paths.find((path) => isSameFile(path, place));
    if (input !== undefined)
      throw wrongUse(`Cannot write ${place}: found that it is the input ${input}, expected another file (-o)`);
    if (places.indexOf(place) !== i)
      throw wrongUse(
        `Cannot write ${place}: found two notebooks of this name, expected different names or runs of their own`,
      );
  }
}

function isSameFile(a: string, b: string): boolean {
  if (!existsSync(a) || !existsSync(b)) return false;
  const [one, other] = [statSync(a), statSync(b)];
  return one.dev === other.dev && one.ino === other.ino;
}

function wrongUse(message: string): CommandError {
  return new CommandError(message, exitCodes.wrongUse);
}
