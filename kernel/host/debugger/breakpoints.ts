// Breakpoints by source and line, set in every script made of the source, now and later.
import type { Stop } from "../../evaluator/debugging.ts";
import type { MainThread } from "./main-thread.ts";
import type { SourcePaths } from "./source-paths.ts";

export interface Breakpoint {
  readonly id: number;
  readonly verified: boolean;
  /** Where it really is: the first statement at or after the line that was asked for. */
  readonly line: number;
  readonly source: { readonly path: string };
  readonly message?: string;
}

export interface Breakpoints {
  /** Replaces those of the source. */
  set(path: string, wanted: readonly { line: number; condition?: string }[]): Promise<Breakpoint[]>;
  /** As debugInfo tells them. */
  all(): { source: string; breakpoints: readonly { line: number }[] }[];
  clear(): Promise<void>;
}

export function createBreakpoints({ post, ask }: MainThread, paths: SourcePaths): Breakpoints {
  const known = new Map<string, { breakpoints: Breakpoint[]; ids: string[] }>();
  let count = 0;

  async function remove(path: string): Promise<void> {
    const ids = known.get(path)?.ids ?? [];
    known.delete(path);
    for (const breakpointId of ids) await post("Debugger.removeBreakpoint", { breakpointId });
  }

  async function place(path: string, stop: Stop, condition: string | undefined): Promise<string> {
    const { breakpointId } = await post<{ breakpointId: string }>("Debugger.setBreakpointByUrl", {
      urlRegex: paths.patternOf(path),
      lineNumber: stop.scriptLine,
      columnNumber: stop.scriptColumn,
      ...(condition && { condition: await ask<string>(`toJavaScript(${JSON.stringify(condition)})`) }),
    });
    return breakpointId;
  }

  return {
    async set(path, wanted) {
      await remove(path);
      const code = paths.codeOf(path);
      const lines = JSON.stringify(wanted.map(({ line }) => line));
      const stops = await ask<(Stop | null)[]>(
        code === undefined
          ? `stopsInFile(${JSON.stringify(path)}, ${lines})`
          : `stopsInCell(${JSON.stringify(code)}, ${lines})`,
      );
      const breakpoints: Breakpoint[] = [];
      const ids = new Map<string, string>();
      for (const [i, stop] of stops.entries()) {
        const { line, condition } = wanted[i]!;
        const at = { id: ++count, source: { path } };
        if (!stop) breakpoints.push({ ...at, verified: false, line, message: "Nothing runs at or after this line" });
        else {
          const spot = `${stop.scriptLine}:${stop.scriptColumn}`;
          if (!ids.has(spot)) ids.set(spot, await place(path, stop, condition));
          breakpoints.push({ ...at, verified: true, line: stop.line });
        }
      }
      known.set(path, { breakpoints, ids: [...ids.values()] });
      return breakpoints;
    },
    all: () =>
      [...known]
        .filter(([, { breakpoints }]) => breakpoints.length > 0)
        .map(([source, { breakpoints }]) => ({ source, breakpoints: breakpoints.map(({ line }) => ({ line })) })),
    async clear() {
      for (const path of [...known.keys()]) await remove(path);
    },
  };
}
