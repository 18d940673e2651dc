// What the checker is configured with: the project's tsconfig.json as far as it speaks of types, and what cells need whatever it says.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

export type CompilerOptions = Readonly<Record<string, unknown>>;

/** The nearest tsconfig.json, from the folder upwards. */
export function findTsconfig(folder: string): string | undefined {
  const path = join(folder, "tsconfig.json");
  if (existsSync(path)) return path;
  const above = dirname(folder);
  return above === folder ? undefined : findTsconfig(above);
}

export interface ConfigParts {
  /** Modules to check, by name. */
  files: readonly string[];
  /** Of the mirror they are in. */
  root: string;
  /** Of the notebook. */
  folder: string;
  /** The project's tsconfig.json with its options as resolved. */
  base?: { path: string; options: CompilerOptions };
}

export function configText({ files, root, folder, base }: ConfigParts): string {
  const { lib, types, typeRoots } = base?.options ?? {};
  return JSON.stringify({
    ...(base && { extends: base.path }),
    compilerOptions: {
      ...forCells,
      rootDirs: ["/", root],
      ...(lib === undefined && { lib: ["esnext"] }),
      ...(types === undefined && { types: ["node"] }),
      ...(typeRoots === undefined && { typeRoots: [join(folder, "node_modules/@types"), nodeTypes()] }),
      ...(!base && { strict: true }),
    },
    files,
    include: [],
    exclude: [],
    references: [],
  });
}

/** Cells are modules that a bundler's rules resolve, run at once and emitted by nobody. */
const forCells: CompilerOptions = {
  module: "preserve",
  moduleResolution: "bundler",
  moduleDetection: "force",
  target: "esnext",
  allowImportingTsExtensions: true,
  resolveJsonModule: true,
  esModuleInterop: true,
  skipLibCheck: true,
  noEmit: true,
  composite: false,
  incremental: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedModules: false,
  isolatedDeclarations: false,
  verbatimModuleSyntax: false,
  erasableSyntaxOnly: false,
  importHelpers: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
  allowUnusedLabels: true,
  allowUnreachableCode: true,
  rewriteRelativeImportExtensions: false,
  rootDir: "/",
};

/** The `@types` that came along, for a project that has none. */
function nodeTypes(): string {
  return dirname(dirname(createRequire(import.meta.url).resolve("@types/node/package.json")));
}
