// Names that TypeScript's own library has for types alone: `Record`, `Partial`, `PromiseLike`. What is a value too, the cells' process
// knows.
import { readFileSync } from "node:fs";

const typeName = /^(?:declare )?(?:interface|type) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;
const valueName = /^declare (?:var|let|const|function|class) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu;

/**
 * @param files what the server has read
 * @param folder where the library is
 */
export function libraryTypes(files: readonly string[], folder: string): string[] {
  const own = `${folder.replaceAll("\\", "/")}/`;
  const texts = files.filter((file) => file.startsWith(own)).map((file) => readFileSync(file, "utf8"));
  const names = (pattern: RegExp) => texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name]) => name!));
  const values = new Set(names(valueName));
  return [...new Set(names(typeName))].filter((name) => !values.has(name)).sort();
}
