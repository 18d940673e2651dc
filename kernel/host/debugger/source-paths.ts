// Debuggers name sources by path. A cell's is made of its text's hash, so that a client knows it before the cell runs; a local file's is
// its own.
import { fileURLToPath, pathToFileURL } from "node:url";
import { murmur2 } from "../../evaluator/cell-name.ts";

export interface SourcePaths {
  readonly prefix: string;
  readonly suffix: string;
  /** Remembers the text. */
  ofCell(code: string): string;
  /** Of V8's script. */
  ofScript(name: string): string | undefined;
  /** Of a cell that was named before; undefined for files. */
  codeOf(path: string): string | undefined;
  /** Matches the names of all scripts that are made of this source. */
  patternOf(path: string): string;
}

export function createSourcePaths(pid: number): SourcePaths {
  const codes = new Map<string, string>();
  const prefix = `/tmp/cellwright_ipykernel_${pid}/`; // JupyterLab takes a path with that word for a cell's, and shows its number
  const suffix = ".ts";
  return {
    prefix,
    suffix,
    ofCell(code) {
      const path = `${prefix}${murmur2(code)}${suffix}`;
      codes.set(path, code);
      return path;
    },
    ofScript(name) {
      const [, hash] = /^cell:\/\/\/\d+\/(\d+)$/.exec(name) ?? [];
      if (hash) return `${prefix}${hash}${suffix}`;
      return name.startsWith("file:") ? fileURLToPath(name.replace(/\?load=\d+$/, "")) : undefined;
    },
    codeOf: (path) => codes.get(path),
    patternOf(path) {
      const hash = path.startsWith(prefix) ? path.slice(prefix.length, -suffix.length) : undefined;
      if (hash !== undefined) return `^cell:///\\d+/${hash}$`;
      return `^${pathToFileURL(path).href.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}(\\?load=\\d+)?$`;
    },
  };
}
