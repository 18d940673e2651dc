// Stock tslab reads our types with its own TypeScript 5.0, where a newer type degrades silently to any. So that compiler reads every
// public name here, the old way of finding modules included.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../support/cli.ts";

type TypeScript = typeof import("typescript");
const require = createRequire(join(root, "package.json"));
const ts = require("@tslab/typescript-for-tslab") as TypeScript;
const { version } = require("@tslab/typescript-for-tslab/package.json") as { version: string };

const declarations = join(root, "dist/lib/index.d.ts");
const user = join(root, "every-public-name.ts");

describe(`TypeScript ${version}`, () => {
  const names = publicNames();
  const source = [
    `import * as cellwright from "cellwright";`,
    `import type { ${names.join(", ")} } from "cellwright";`,
    `export const all: typeof cellwright = cellwright;`,
  ].join("\n");
  const program = compile(source);

  test("finds the library's types as tslab does", () => {
    expect(version).toMatch(/^5\.0\./);
    expect(names.length).toBeGreaterThan(50);
    expect(program.getSourceFiles().some(({ fileName }) => fileName === declarations)).toBe(true);
  });

  test("accepts every declaration of ours", () => {
    const ours = ts
      .getPreEmitDiagnostics(program)
      .filter(({ file }) => !file || file.fileName === user || file.fileName.startsWith(join(root, "dist/")));
    expect(ours.map(said)).toEqual([]);
  });

  test("no public name degrades to any", () => {
    const checker = program.getTypeChecker();
    const module = checker.getSymbolAtLocation(program.getSourceFile(declarations)!)!;
    const lost = checker.getExportsOfModule(module).filter((symbol) => {
      const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const isValue = (target.flags & ts.SymbolFlags.Value) !== 0;
      const type = isValue ? checker.getTypeOfSymbol(target) : checker.getDeclaredTypeOfSymbol(target);
      return (type.flags & ts.TypeFlags.Any) !== 0;
    });
    expect(lost.map(({ name }) => name)).toEqual([]);
  });
});

function compile(source: string): import("typescript").Program {
  const options: import("typescript").CompilerOptions = {
    target: ts.ScriptTarget.ES2022, // this and what follows as tslab does on Node 20
    lib: ["lib.es2022.d.ts"],
    module: ts.ModuleKind.CommonJS,
    moduleResolution: 2,
    esModuleInterop: true,
    strict: true,
    skipLibCheck: false,
    noEmit: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
    preserveSymlinks: false,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => file === user || fileExists(file);
  host.readFile = (file) => (file === user ? source : readFile(file));
  host.getSourceFile = (file, target, ...rest) =>
    file === user ? ts.createSourceFile(file, source, target) : getSourceFile(file, target, ...rest);
  return ts.createProgram([user], options, host);
}

function publicNames(): string[] {
  const text = readFileSync(declarations, "utf8");
  const file = ts.createSourceFile(declarations, text, ts.ScriptTarget.ES2020);
  return file.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.exportClause && ts.isNamedExports(statement.exportClause)
      ? statement.exportClause.elements.map(({ name }) => name.text)
      : [],
  );
}

function said({ file, start, messageText }: import("typescript").Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(messageText, " ");
  if (!file || start === undefined) return text;
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1} ${text}`;
}
