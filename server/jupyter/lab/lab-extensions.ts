// Prebuilt extensions of JupyterLab in a folder, each below its own name: code for the page, settings and themes. Read anew for each
// page, so that what was installed is there at the next reload.
// https://jupyterlab.readthedocs.io/en/stable/extension/extension_dev.html#prebuilt-extensions
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import type { SettingSchema } from "./lab-build.ts";

export interface LabExtension {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly folder: string;
  /** What the page loads. */
  readonly build: LabExtensionBuild;
  /** Plugins that it takes the place of. */
  readonly disabledPlugins: readonly string[];
}

export interface LabExtensionBuild {
  /** `static/remoteEntry.….js`. */
  readonly load: string;
  readonly extension?: string | undefined;
  readonly mimeExtension?: string | undefined;
  readonly style?: string | undefined;
}

const packageFile = z.object({
  name: z.string().regex(/^(@[\w.-]+\/)?[\w.-]+$/),
  version: z.string(),
  description: z.string().default(""),
  jupyterlab: z.object({
    _build: z.object({
      load: z.string().regex(/^static\/[\w.-]+\.js$/),
      extension: z.string().optional(),
      mimeExtension: z.string().optional(),
      style: z.string().optional(),
    }),
    disabledExtensions: z.array(z.string()).default([]),
  }),
});

/** @param onProblem told of one that cannot be read; it is passed over */
export function labExtensions(folder: string, onProblem: (problem: string) => void = () => {}): LabExtension[] {
  return packageFolders(folder).flatMap((place) => {
    try {
      return [readLabExtension(place)];
    } catch (error) {
      onProblem(`Cannot use the extension of Lab in ${place}: ${(error as Error).message}`);
      return [];
    }
  });
}

/** @throws Error it is no prebuilt extension */
export function readLabExtension(folder: string): LabExtension {
  const found = packageFile.safeParse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));
  if (!found.success) {
    const [{ path, message }] = found.error.issues as [z.core.$ZodIssue];
    throw new Error(`found no prebuilt one (package.json: ${path.join(".")}: ${message}), expected jupyterlab._build`);
  }
  const { name, version, description, jupyterlab } = found.data;
  if (!existsSync(join(folder, jupyterlab._build.load))) throw new Error(`found no ${jupyterlab._build.load}`);
  return {
    ...{ name, version, description, folder },
    build: jupyterlab._build,
    disabledPlugins: jupyterlab.disabledExtensions,
  };
}

/** The settings of its plugins. */
export function schemasOf({ name, version, folder }: LabExtension): SettingSchema[] {
  const place = join(folder, "schemas", name);
  if (!existsSync(place)) return [];
  return readdirSync(place)
    .filter((file) => file.endsWith(".json"))
    .map((file) => {
      const schema = JSON.parse(readFileSync(join(place, file), "utf8")) as object;
      return { id: `${name}:${basename(file, ".json")}`, version, schema };
    });
}

/** `name` or `@scope/name` below the folder; hidden ones are none. */
function packageFolders(folder: string): string[] {
  const inside = (place: string): string[] =>
    (statSync(place, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(place) : [])
      .filter((name) => !name.startsWith("."))
      .sort()
      .map((name) => join(place, name));
  return inside(folder)
    .flatMap((place) => (basename(place).startsWith("@") ? inside(place) : [place]))
    .filter((place) => existsSync(join(place, "package.json")));
}
