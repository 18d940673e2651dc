// Jupyter's data folders: where kernelspecs of a machine lie. https://docs.jupyter.org/en/latest/use/jupyter-directories.html
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";

/** Where data of this user goes, or what lies below a prefix. */
export function userDataFolder(prefix?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (prefix !== undefined) return join(resolve(prefix), "share/jupyter");
  const named = env["JUPYTER_DATA_DIR"];
  if (named) return resolve(named);
  const home = env["HOME"] || homedir();
  if (process.platform === "darwin") return join(home, "Library/Jupyter");
  return join(env["XDG_DATA_HOME"] || join(home, ".local/share"), "jupyter");
}

/** In Jupyter's order: what stands first counts. */
export function dataFolders(env: NodeJS.ProcessEnv = process.env): string[] {
  const named = (env["JUPYTER_PATH"] ?? "").split(delimiter).filter(Boolean);
  const prefix = env["VIRTUAL_ENV"] || env["CONDA_PREFIX"];
  const environment = prefix ? [join(prefix, "share/jupyter")] : [];
  return [...named, userDataFolder(undefined, env), ...environment, "/usr/local/share/jupyter", "/usr/share/jupyter"];
}
