// Our kernelspecs installed below a folder of their own, as `cellwright kernel install --prefix` leaves them.
import { join } from "node:path";
import { cellwright, root, temporaryFolder } from "../support/cli.ts";

export interface InstalledKernel extends Disposable {
  readonly path: string;
  /** With which a Jupyter finds them. */
  readonly env: Record<string, string>;
}

export async function installKernel(): Promise<InstalledKernel> {
  const home = temporaryFolder();
  const { code, stderr } = await cellwright(["kernel", "install", "--prefix", home.path]);
  if (code !== 0) throw new Error(`Cannot install the kernel: ${stderr}`);
  const env = {
    JUPYTER_PATH: join(home.path, "share/jupyter"),
    JUPYTER_CONFIG_DIR: join(home.path, "config"),
    JUPYTER_DATA_DIR: join(home.path, "data"),
    JUPYTER_RUNTIME_DIR: join(home.path, "runtime"),
    IPYTHONDIR: join(home.path, "ipython"),
    CELLWRIGHT_PROJECT: root,
    CELLWRIGHT_HOME: join(home.path, "home"),
  };
  return { path: home.path, env, [Symbol.dispose]: () => home[Symbol.dispose]() };
}
