// What the build of the front end says of itself; read once, when the first page is asked for.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { NotFoundError } from "../../errors.ts";

export interface LabBuild {
  /** JupyterLab's. */
  readonly version: string;
  /** Of the page, in order; below `static`. */
  readonly scripts: readonly string[];
  readonly disabledPlugins: readonly string[];
  readonly schemas: readonly SettingSchema[];
}

export interface SettingSchema {
  /** `@jupyterlab/notebook-extension:tracker`. */
  readonly id: string;
  readonly version: string;
  readonly schema: object;
}

/** @throws NotFoundError Lab is not built */
export function labBuildReader(folder: string): () => LabBuild {
  let read: LabBuild | undefined;
  return () => (read ??= readBuild(folder));
}

function readBuild(folder: string): LabBuild {
  try {
    const json = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));
    return { ...(json("lab.json") as Omit<LabBuild, "schemas">), schemas: json("schemas.json") as SettingSchema[] };
  } catch {
    throw new NotFoundError("Cannot show Lab: found no built front end, expected `npm run build` to have made it");
  }
}
