// Which cell and line of the notebook an error came from. The bundle's source map names one source, `cells.ts`, that holds the
// kept cells one after the other; the manifest says where each begins. Pure.
import { basename } from "node:path";
import type { BuildManifest } from "../../lib/contract/build-manifest.ts";
import type { ErrorPlace } from "../errors.ts";

/** @param stack an error's stack with source maps applied */
export function placeInNotebook(
  stack: string,
  manifest: Pick<BuildManifest, "notebookPath" | "lines">,
): ErrorPlace | undefined {
  for (const [, text] of stack.matchAll(/\bcells\.ts:(\d+)/g)) {
    const line = Number(text);
    const run = manifest.lines.find(({ firstLine, lineCount }) => line >= firstLine && line < firstLine + lineCount);
    if (!run) continue;
    const cell = `cell ${run.position} (${run.cell})`;
    const lineOfCell = line - run.firstLine + 1;
    return { cell, line: lineOfCell, place: `${basename(manifest.notebookPath)}, ${cell}, line ${lineOfCell}` };
  }
  return undefined;
}
