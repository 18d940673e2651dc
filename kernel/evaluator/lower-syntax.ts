// Syntax that neither oxc lowers nor every Node runs: decorators (standard ones; by tsconfig's experimentalDecorators the legacy
// ones), `accessor` fields and, in files, `using`. Text that has it goes through TypeScript's own transpiler, loaded when first needed.
import { createRequire } from "node:module";
import type { CompilerOptions } from "typescript";
import { sourceMapReader } from "./positions.ts";
import type { Transpiled } from "./transpile.ts";

export interface LowerOptions {
  /** Whose tsconfig.json, there or above, says which decorators are meant. */
  readonly folder: string;
  /** A cell's own rewriting knows `using`, a file's does not. */
  readonly kind: "cell" | "file";
}

/** Names of the functions that TypeScript writes in front of what it lowers: nobody's variables. */
export const helperNames =
  /^__(esDecorate|runInitializers|setFunctionName|propKey|decorate|metadata|param|addDisposableResource|disposeResources|classPrivateField\w+)$/;

/** Undefined for text without such syntax; it must be known to parse. */
export function lowerSyntax(source: string, { folder, kind }: LowerOptions): Transpiled | undefined {
  if (!/@|\baccessor\b|\busing\b/.test(source)) return undefined;
  const found = findSyntax(source);
  if (!found.decorators && !found.accessors && !(kind === "file" && found.using)) return undefined;
  const keepUsing = kind === "cell" && found.using;
  const typescript = loadTypescript();
  const { ModuleKind, ScriptTarget } = typescript;
  const { outputText, sourceMapText } = typescript.transpileModule(source, {
    fileName: "cell.ts",
    compilerOptions: {
      ...decoratorOptions(folder, typescript),
      module: ModuleKind.ESNext,
      // TypeScript lowers `using` for every target but the newest, and fields and decorators there only together.
      target: keepUsing ? ScriptTarget.ESNext : ScriptTarget.ES2022,
      useDefineForClassFields: !keepUsing,
      verbatimModuleSyntax: kind === "cell",
      isolatedModules: true,
      sourceMap: true,
    },
  });
  const { mappings } = JSON.parse(sourceMapText!) as { mappings: string };
  return { js: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"), toSource: sourceMapReader(mappings) };
}

interface Found {
  decorators: boolean;
  accessors: boolean;
  using: boolean;
}

function findSyntax(source: string): Found {
  const { parseSync } = createRequire(import.meta.url)("oxc-parser") as typeof import("oxc-parser");
  const found: Found = { decorators: false, accessors: false, using: false };
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const { type, kind, decorators } = value as { type?: unknown; kind?: unknown; decorators?: unknown };
    if (Array.isArray(decorators) && decorators.length > 0) found.decorators = true;
    if (typeof type === "string" && type.endsWith("AccessorProperty")) found.accessors = true;
    if (type === "VariableDeclaration" && (kind === "using" || kind === "await using")) found.using = true;
    for (const each of Object.values(value)) visit(each);
  };
  visit(parseSync("cell.ts", source, { lang: "ts", sourceType: "module" }).program.body);
  return found;
}

type TypeScript = typeof import("typescript");
let typescript: TypeScript | undefined;

function loadTypescript(): TypeScript {
  typescript ??= createRequire(import.meta.url)("typescript") as TypeScript;
  return typescript;
}

/** What the nearest tsconfig.json, with all it extends, says of decorators. */
function decoratorOptions(folder: string, typescript: TypeScript): CompilerOptions {
  const { sys, findConfigFile, readConfigFile, parseJsonConfigFileContent } = typescript;
  const path = findConfigFile(folder, sys.fileExists);
  if (path === undefined) return {};
  const { config, error } = readConfigFile(path, sys.readFile);
  if (error) return {};
  const host = { ...sys, readDirectory: () => [] }; // which files it includes is not the question
  const { options } = parseJsonConfigFileContent(config, host, typescript.sys.resolvePath(`${path}/..`));
  const { experimentalDecorators, emitDecoratorMetadata } = options;
  return experimentalDecorators
    ? { experimentalDecorators, ...(emitDecoratorMetadata !== undefined && { emitDecoratorMetadata }) }
    : {};
}
