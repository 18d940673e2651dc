// Makes every `error.stack` of this process speak of cells and TypeScript files, without the kernel's own frames.
import { Interruption } from "./interrupts.ts";
import type { Position } from "./positions.ts";
import { questionScript } from "./runtime-name.ts";
import { codeFrame, type Sources } from "./sources.ts";
import { SourceSyntaxError } from "./transpile.ts";
import { inspectValue } from "./values.ts";

export interface CellError {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

export interface ThrownAt extends Position {
  readonly label: string;
}

const kernelFolder = new URL("../", import.meta.url).href;

/** Sets Error.prepareStackTrace. Called when a stack is first read, so errors nobody looks at cost nothing. */
export function installStackTraces(sources: Sources): void {
  Error.prepareStackTrace = (error, sites) => {
    const known = sites.map((site) => sources.byScript(scriptOf(site)) !== undefined);
    const deepest = known.lastIndexOf(true);
    const shown = sites.filter((site, i) => deepest >= 0 && !isHidden(site, i > deepest));
    if (deepest < 0 && !(error instanceof Interruption)) shown.push(...sites);
    return [headerOf(error), ...shown.map((site) => `    at ${frameText(site, sources)}`)].join("\n");
  };
}

function scriptOf(site: NodeJS.CallSite): string {
  return site.getScriptNameOrSourceURL?.() ?? site.getFileName() ?? "";
}

/** Below the cell's own frame there is only what started it. */
function isHidden(site: NodeJS.CallSite, belowCell: boolean): boolean {
  const script = scriptOf(site);
  return (
    script.startsWith(kernelFolder) ||
    script === questionScript ||
    script === "node:internal/process/task_queues" ||
    (belowCell && (script.startsWith("node:") || script === ""))
  );
}

function frameText(site: NodeJS.CallSite, sources: Sources): string {
  const text = site.toString();
  const script = scriptOf(site);
  const source = sources.byScript(script);
  const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
  if (!source || line === null || column === null) return text;
  const place = source.locate({ line, column });
  return text.replace(`${script}:${line}:${column}`, `${source.label}:${place.line}:${place.column}`);
}

function headerOf(error: Error): string {
  try {
    // Node's own errors name their code this way; Error.prototype.toString would leave it out.
    if ("code" in error && String(error.code).startsWith("ERR_"))
      return `${error.name} [${error.code}]: ${error.message}`;
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/**
 * An error as a kernel tells it. The traceback points into the cell: by the error's own stack, else by `at`, where it was
 * thrown as far as V8 or the runtime know.
 */
export function describeError(error: unknown, sources: Sources, at?: ThrownAt): CellError {
  const isError = error instanceof Error || Object.prototype.toString.call(error) === "[object Error]";
  const known = isError ? (error as Error) : undefined;
  const stack = error instanceof SourceSyntaxError ? headerOf(error) : inspectValue(error);
  const lines = stack.split("\n");
  const place = firstPlace(lines, sources) ?? at;
  if (place && !firstPlace(lines, sources)) placeInFront(lines, place, headLength(known, lines));
  const source = place && sources.byLabel(place.label);
  const frame = place && source ? ["", ...codeFrame(source, place)] : [];
  return {
    ename: known ? String(known.name) : "Uncaught",
    evalue: known ? String(known.message) : stack,
    traceback: [...(known ? lines : [`Uncaught ${lines[0]}`, ...lines.slice(1)]), ...frame],
  };
}

/** Node's frames below a cell's import say nothing of the cell. */
function placeInFront(lines: string[], { label, line, column }: ThrownAt, head: number): void {
  const frames = lines.slice(head);
  const rest = frames.filter((frame) => !/^ +at .*node:internal\//.test(frame));
  const braced = frames.some((frame) => /node:internal\/.*\{$/.test(frame)) ? " {" : "";
  lines.splice(head, frames.length, `    at ${label}:${line}:${column}${braced}`, ...rest);
}

/** The first frame in a source of ours. */
export function firstPlace(lines: readonly string[], sources: Sources): ThrownAt | undefined {
  for (const line of lines) {
    const [, label, row, column] = /^ +at (?:.*\()?(.+?):(\d+):(\d+)\)?/.exec(line) ?? [];
    const bare = label?.replace(/^async /, "");
    if (bare && sources.byLabel(bare)) return { label: bare, line: Number(row), column: Number(column) };
  }
  return undefined;
}

/** Lines the message takes, before the frames. */
function headLength(error: Error | undefined, lines: readonly string[]): number {
  const frames = lines.findIndex((line) => /^ +at /.test(line));
  if (frames >= 0) return frames;
  return error ? Math.min(String(error.message).split("\n").length, lines.length) : lines.length;
}
