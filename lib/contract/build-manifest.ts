// build.json of a build folder: what went in and where its lines came from. Written by builds, read by replicas. Types only.
import type { BuildInput, BuildNeed, KeptCell } from "./model.ts";
import type { ModelDescription } from "./symbols.ts";

/**
 * `<home>/builds/<id>/build.json`; beside it `model.mjs`, `model.mjs.map`, `assets/` and, where the model brought rows it learnt
 * from, `reference.json`.
 */
export interface BuildManifest {
  readonly version: 1;
  /** Content hash, 64 hex digits; also the folder's name. */
  readonly id: string;
  /** Name of the export in model.mjs that answers calls. */
  readonly function: string;
  /** `notebooks/5_model_serve.ipynb`, for people. */
  readonly notebookPath: string;
  /** Every cell of the notebook, kept or not, and why. */
  readonly cells: readonly KeptCell[];
  /** Lines of `cells.ts`, the source that model.mjs.map names for the notebook's code: which cell each run of them is. */
  readonly lines: readonly CellLines[];
  /** What the client handed in and the build used. */
  readonly inputs: readonly BuildInput[];
  /** A folder or file as the notebook names it (`telco_linear`, `data/prices.json`) → its copy, from the build folder. */
  readonly assets: Readonly<Record<string, string>>;
  /** Names the notebook imports, by package: `{"cellwright": ["modelMetrics"]}`. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  readonly bundleBytes: number;
  /** What the trial run told. */
  readonly description?: ModelDescription;
}

/** Line n of the cell is line `firstLine + n - 1` of `cells.ts`; both count from 1. */
export interface CellLines {
  readonly cell: string;
  readonly position: number;
  readonly firstLine: number;
  readonly lineCount: number;
}

/** The one JSON line a replica host prints in check mode. */
export type CheckResult =
  | { readonly ok: true; readonly description: ModelDescription }
  | { readonly ok: false; readonly needs: readonly Omit<BuildNeed, "neededBy">[] }
  | {
      readonly ok: false;
      readonly error: { readonly message: string; readonly stack?: string; readonly place?: string };
    };
