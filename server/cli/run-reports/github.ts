// Failures as annotations of GitHub Actions: commands on lines of their own, which its runner reads from the log. Pure.
// https://docs.github.com/actions/reference/workflow-commands
import { relative, resolve, sep } from "node:path";
import type { Failure } from "./run-result.ts";

export interface Annotated {
  readonly path: string;
  readonly failure: Failure;
  /** In the notebook's file, from 1. */
  readonly line?: number | undefined;
}

/** @param workspace the checkout's folder, which GitHub names files from */
export function githubAnnotation({ path, failure, line }: Annotated, workspace: string): string {
  const { ename, evalue, traceback, position, of, id } = failure;
  const place = position === undefined ? "" : ` in cell ${position} of ${of} (${id})`;
  const properties = {
    file: relative(workspace, resolve(path)).replaceAll(sep, "/"),
    ...(line !== undefined && { line: String(line) }),
    title: `${ename}${place}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  const said = traceback.map((text) => text.replaceAll(/\x1b\[[0-9;]*[A-Za-z]/g, "")).join("\n");
  return `::error ${list.join(",")}::${escapeData(said === "" ? evalue : said)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
