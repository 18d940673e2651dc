// Local modules that came with a build, found by the paths that import them. Paths are relative to the notebook's folder, with
// `/`; nothing is read from this machine's disk.
import { posix } from "node:path";
import type { BuildInput } from "../../lib/contract/model.ts";

export interface ModuleFile {
  /** `lib/price.ts`, `../shared/tax.ts`. */
  readonly path: string;
  readonly sha256: string;
  /** As the input names it. */
  readonly input: string;
}

export class ModuleFiles {
  readonly #byPath = new Map<string, ModuleFile>();
  readonly #byInput = new Map<string, ModuleFile>();

  constructor(inputs: readonly BuildInput[]) {
    for (const { path: input, kind, files } of inputs) {
      if (kind !== "module") continue;
      const asked = posix.normalize(input);
      for (const { path: name, sha256 } of files) {
        const isIt = files.length === 1 && nameFits(posix.basename(asked), name); // else a folder with its files
        const path = posix.join(isIt ? posix.dirname(asked) : asked, name);
        const file = { path, sha256, input };
        this.#byPath.set(path, file);
        if (isIt) this.#byInput.set(asked, file);
      }
    }
  }

  /** The file that `import "wanted"` in a module of this path means. */
  find(wanted: string, importer: string): ModuleFile | undefined {
    const path = posix.join(posix.dirname(importer), wanted);
    const exact = this.#byInput.get(path) ?? this.#byPath.get(path);
    if (exact) return exact;
    for (const candidate of candidatesFor(path)) {
      const file = this.#byPath.get(candidate);
      if (file) return file;
    }
    return undefined;
  }
}

/** How a build asks for a module: `./lib/price.ts`. */
export function neededPath(wanted: string, importer: string): string {
  const path = posix.join(posix.dirname(importer), wanted);
  return path.startsWith("../") ? path : `./${path}`;
}

const endings = [".ts", ".tsx", ".mts", ".cts", ".js", ".mjs", ".cjs", ".json"];

/** Other files a path may mean: `./price` and `./price.js` are `./price.ts`, a folder is its index. */
export function candidatesFor(path: string): string[] {
  const typed = path.replace(/\.([cm]?)js$/, ".$1ts");
  return [
    ...(typed === path ? [] : [typed]),
    ...endings.map((ending) => path + ending),
    ...endings.map((ending) => posix.join(path, `index${ending}`)),
  ];
}

/** `price` or `price.js` was answered with `price.ts`. */
function nameFits(asked: string, name: string): boolean {
  return name === asked || candidatesFor(asked).includes(name);
}
