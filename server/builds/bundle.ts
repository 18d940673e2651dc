// The composed cells and everything they import as one file, by esbuild: types stripped, unused code gone, a source map whose only
// lines for the notebook are those of `cells.ts`. Refuses a bundle that holds native or missing modules, naming the chain.
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildFailure, Message, Metafile, Plugin } from "esbuild";
import type { BuildInput, BuildNeed } from "../../lib/contract/model.ts";
import { BuildError, cellName } from "./build-error.ts";
import { type BundlePluginParts, bundlePlugin, cellsFile, cellsModule, leafReasons } from "./bundle-plugin.ts";
import type { ComposedCells } from "./compose-cells.ts";
import type { Importer } from "./compose-imports.ts";
import { importChain, isNativePackage, modulesInside, moduleTitle, packageOf } from "./import-chain.ts";
import { type ModuleFile, ModuleFiles } from "./module-files.ts";
import type { NeededCells } from "./needed-cells.ts";
import { type BundlePlaces, type BundleText, stablePath, withStablePaths } from "./stable-paths.ts";

export interface BundleParts extends Pick<BundlePluginParts, "readBlob" | "packagesFolder"> {
  readonly inputs: readonly BuildInput[];
  /** What "cellwright" is. Default: the library that lies beside this code. */
  readonly libraryEntry?: string;
}

export interface Bundle {
  readonly code: string;
  readonly map: string;
  /** Local modules that went in. */
  readonly used: readonly BuildInput[];
}

/** @throws BuildError a cell or module does not compile, or holds what cannot be bundled */
export async function bundle(
  composed: ComposedCells,
  needed: NeededCells,
  { inputs, packagesFolder, readBlob, libraryEntry = ownLibrary }: BundleParts,
): Promise<Bundle | { readonly needs: readonly BuildNeed[] }> {
  const needs = new Map<string, BuildNeed>();
  const used = new Set<string>();
  const places = { folder: resolve(packagesFolder), libraryEntry };
  const parts = {
    readBlob,
    packagesFolder: places.folder,
    libraryEntry,
    modules: new ModuleFiles(inputs),
    onUse: ({ input }: ModuleFile) => used.add(input),
    onNeed: (need: BuildNeed) => needs.set(need.path, { ...need, neededBy: neededByPeople(need, composed, needed) }),
  };
  const run = (source: string): Promise<BuildResult> => runEsbuild(bundlePlugin({ ...parts, source }), places.folder);
  const result = await run(composed.source).catch((error: BuildFailure) => {
    if (needs.size > 0 && Array.isArray(error.errors)) return undefined;
    throw Array.isArray(error.errors) ? compileError(error.errors[0]!, composed, needed) : error;
  });
  if (needs.size > 0 || !result) return { needs: askOnce([...needs.values()], inputs, needed) };
  await refuseForeign(result.metafile, composed, needed, places, run);
  return {
    ...finish(result, composed.source, places),
    used: inputs.filter(({ kind, path }) => kind === "module" && used.has(path)),
  };
}

/** Beside dist/server/builds lies dist/lib; sources use what was built from them. */
const ownLibrary = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "../../dist/lib/index.js" : "../../lib/index.js", import.meta.url),
);

function finish({ outputFiles, metafile }: BuildResult, cells: string, places: BundlePlaces): BundleText {
  const [map, code] = [".map", ".mjs"].map((ending) => outputFiles.find(({ path }) => path.endsWith(ending))!.text);
  const text = withStablePaths({ code: code!, map: map! }, Object.keys(metafile.inputs), places);
  const parsed = JSON.parse(text.map) as { sources: string[] };
  const sourcesContent = parsed.sources.map((source) => (source === cellsFile ? cells : null));
  const banner = /\b__require\b/.test(text.code) ? requireBanner : "";
  return {
    code: `${banner}${text.code}//# sourceMappingURL=model.mjs.map\n`,
    map: JSON.stringify({ ...parsed, sourcesContent }),
  };
}

type BuildResult = Awaited<ReturnType<typeof runEsbuild>>;

async function runEsbuild(plugin: Plugin, folder: string) {
  const { build } = await import("esbuild");
  return build({
    entryPoints: [cellsFile],
    absWorkingDir: folder,
    outfile: "model.mjs",
    write: false,
    metafile: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    treeShaking: true,
    sourcemap: "external",
    sourcesContent: false,
    charset: "utf8",
    legalComments: "none",
    logLevel: "silent",
    define: { __dirname: "import.meta.dirname", __filename: "import.meta.filename" },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, target: "ESNext" } },
    plugins: [plugin],
  });
}

/** CommonJS inside the bundle asks for Node's modules by `require`; on the first line, so that no line moves. */
const requireBanner =
  'import { createRequire as $createRequire } from "node:module"; const require = $createRequire(import.meta.url); ';

function neededByPeople({ path, neededBy }: BuildNeed, composed: ComposedCells, needed: NeededCells): string {
  if (neededBy !== "") return `./${neededBy}`;
  const [, importer] = [...composed.importers].find(([module]) => sameModule(module, path)) ?? [];
  const [first] = importer?.names ?? [];
  if (!importer) return needed.exported.name;
  return (first && needed.chainOfImport(first.version)) || needed.chainOf(importer.cell) || needed.exported.name;
}

function sameModule(module: string, path: string): boolean {
  return module.replace(/^(\.\/)+/, "") === path.replace(/^\.\//, "");
}

/** A client that has answered a need and is asked again would go round for ever. */
function askOnce(
  needs: readonly BuildNeed[],
  inputs: readonly BuildInput[],
  needed: NeededCells,
): readonly BuildNeed[] {
  const again = needs.find(({ path }) => inputs.some((input) => input.kind === "module" && input.path === path));
  if (!again) return needs;
  throw new BuildError(
    `Cannot build ${needed.exported.name}: found no module in what was sent for "${again.path}", expected a file of that name`,
  );
}

function compileError({ text, location }: Message, { lines }: ComposedCells, needed: NeededCells): BuildError {
  const cannot = `Cannot build ${needed.exported.name}`;
  if (!location) return new BuildError(`${cannot}: ${text}`);
  const run =
    location.file === cellsModule
      ? lines.find(({ firstLine, lineCount }) => location.line >= firstLine && location.line < firstLine + lineCount)
      : undefined;
  if (!run)
    return new BuildError(`${cannot}: ${location.file.replace(/^notebook:/, "./")}, line ${location.line}: ${text}`);
  const line = location.line - run.firstLine + 1;
  const name = cellName({ id: run.cell, position: run.position });
  return new BuildError(`${cannot}: ${name}, line ${line} does not compile: ${text}`, { cell: run.cell, line });
}

async function refuseForeign(
  metafile: Metafile,
  { importers }: ComposedCells,
  needed: NeededCells,
  places: BundlePlaces,
  run: (source: string) => Promise<BuildResult>,
): Promise<void> {
  for (const path of modulesInside(metafile)) {
    const problem = foreign(path, places.folder);
    if (!problem) continue;
    const chain = importChain(metafile, cellsModule, path);
    const titles = chain.slice(1).map((one) => moduleTitle(stablePath(one, places)));
    const first = metafile.inputs[cellsModule]!.imports.find((one) => one.path === chain[1])?.original ?? titles[0]!;
    const importer = importers.get(first);
    const by = importer ? await blamed(first, importer, path, needed, run) : needed.exported.name;
    const links = [by, ...titles].filter((title, at, all) => title !== all[at - 1]);
    throw new BuildError(
      `Cannot build ${needed.exported.name}: found ${titles.at(-1)}, ${problem}, expected modules that can be bundled; needed by ${links.join(" → ")}`,
      importer ? { cell: needed.analysis.cells[importer.cell]!.cell.id } : {},
    );
  }
}

/** Of several names from one module, the chain of the one that brings the path in: each is bundled alone to see. */
async function blamed(
  module: string,
  { cell, names }: Importer,
  path: string,
  needed: NeededCells,
  run: (source: string) => Promise<BuildResult>,
): Promise<string> {
  for (const { imported, version } of names) {
    const specifier = imported === "*" ? "* as it" : `${JSON.stringify(imported)} as it`;
    const source = `export ${imported === "*" ? specifier : `{ ${specifier} }`} from ${JSON.stringify(module)};`;
    const brings = names.length === 1 || modulesInside((await run(source)).metafile).includes(path);
    const chain = brings ? needed.chainOfImport(version) : "";
    if (chain) return chain;
  }
  return needed.chainOf(cell);
}

function foreign(path: string, folder: string): string | undefined {
  if (path.startsWith("leaf:")) return leafReasons[path.split(":")[1] as keyof typeof leafReasons];
  const owner = packageOf(path);
  return owner && isNativePackage(resolve(folder, owner.folder)) ? leafReasons.native : undefined;
}
