// Node's own `import()`, as if written in a file of one's choice.
import { constants, Script } from "node:vm";
import type { Namespace } from "./modules.ts";

type Importer = (specifier: string, options?: ImportCallOptions) => Promise<Namespace>;

const importers = new Map<string, Importer>();

/** @param from path of the file that imports; it need not exist */
export function nativeImporter(from: string): Importer {
  const made = importers.get(from) ?? makeImporter(from);
  importers.set(from, made);
  return made;
}

function makeImporter(from: string): Importer {
  const script = new Script("(specifier, options) => import(specifier, options)", {
    filename: from,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return script.runInThisContext() as Importer;
}
