// Where a paused cell stands: its frames in cells and local files, without the kernel's own and Node's.
import type { Position } from "../../evaluator/positions.ts";
import type { MainThread, RemoteObject } from "./main-thread.ts";
import type { SourcePaths } from "./source-paths.ts";
import type { Variables } from "./variables.ts";

export interface CallFrame {
  readonly callFrameId: string;
  readonly functionName: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
  readonly scopeChain: readonly Scope[];
}

interface Scope {
  readonly type: string;
  readonly name?: string;
  readonly object: RemoteObject;
}

export interface StackFrame extends Position {
  readonly id: number;
  readonly name: string;
  readonly source: { readonly name: string; readonly path: string };
}

/** A frame with its script's name. */
export interface ShownFrame extends CallFrame {
  readonly url: string;
}

/** Frames by id, from 1. @param names of scripts, by id */
export function shownFrames(
  frames: readonly CallFrame[],
  names: ReadonlyMap<string, string>,
  paths: SourcePaths,
): Map<number, ShownFrame> {
  const named = frames.map((frame) => ({ ...frame, url: names.get(frame.location.scriptId) ?? "" }));
  const shown = named.filter(({ url }) => paths.ofScript(url) !== undefined && !isKernels(url));
  return new Map(shown.map((frame, i) => [i + 1, frame]));
}

/** Wherever this module ends up in it when the kernel is built. */
const kernelFolder = import.meta.url.slice(0, import.meta.url.lastIndexOf("/host/") + 1);

function isKernels(url: string): boolean {
  return url.startsWith(kernelFolder);
}

/** Scripts that steps pass over, as regular expressions. */
export function passedOver(): string[] {
  return [`^${kernelFolder.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}`, "^node:", "^cellwright:"];
}

export async function describeFrame(
  [id, { url, functionName, location }]: readonly [number, ShownFrame],
  { ask }: MainThread,
  paths: SourcePaths,
): Promise<StackFrame> {
  const line = location.lineNumber + 1;
  const column = (location.columnNumber ?? 0) + 1;
  const place = await ask<(Position & { label: string }) | undefined>(
    `locate(${JSON.stringify(url)}, ${line}, ${column})`,
  );
  const path = paths.ofScript(url)!;
  const label = place?.label ?? path;
  return {
    id,
    name: functionName || label,
    line: place?.line ?? line,
    column: place?.column ?? column,
    source: { name: label, path },
  };
}

const scopeNames: Readonly<Record<string, string>> = {
  local: "Locals",
  block: "Block",
  closure: "Closure",
  catch: "Catch",
  with: "With",
  eval: "Eval",
  module: "Module",
  script: "Cells",
};

/** All but the global object's, which is everything there is. */
export function describeScopes(frame: CallFrame, variables: Variables): object[] {
  return frame.scopeChain
    .map((scope, scopeNumber) => ({ ...scope, scopeNumber }))
    .filter(({ type, object }) => type in scopeNames && object.objectId !== undefined)
    .map(({ type, name, object, scopeNumber }) => ({
      name: name ? `${scopeNames[type]} (${name})` : scopeNames[type],
      presentationHint: type === "local" ? "locals" : undefined,
      variablesReference: variables.reference(object.objectId!, { callFrameId: frame.callFrameId, scopeNumber }),
      expensive: false,
    }));
}
