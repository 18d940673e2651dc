// Which packages of the page prebuilt extensions share with it, so that there is one notebook, one editor and one React. Loaded into
// their scope by federated-extensions.ts when there are any. Plain JavaScript: it runs before anything is built.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Those that JupyterLab shares besides its own. https://github.com/jupyterlab/jupyterlab/blob/v4.6.4/jupyterlab/staging/package.json */
const others = [
  "@codemirror/language",
  "@codemirror/state",
  "@codemirror/view",
  "@jupyter/react-components",
  "@jupyter/web-components",
  "@jupyter/ydoc",
  "@lezer/common",
  "@lezer/highlight",
  "@lumino/algorithm",
  "@lumino/application",
  "@lumino/commands",
  "@lumino/coreutils",
  "@lumino/datagrid",
  "@lumino/disposable",
  "@lumino/domutils",
  "@lumino/dragdrop",
  "@lumino/keyboard",
  "@lumino/messaging",
  "@lumino/polling",
  "@lumino/properties",
  "@lumino/signaling",
  "@lumino/virtualdom",
  "@lumino/widgets",
  "@microsoft/fast-element",
  "@microsoft/fast-foundation",
  "react",
  "react-dom",
  "yjs",
];

/** Not in the page: they belong to what is left out, or bring styles alone. */
const unused = /^@jupyterlab\/(.*-extension|core-meta|metapackage|nbconvert-css|extensionmanager|lsp|pluginmanager)$/;

/** Names with the versions that are installed. */
export function sharedModules(root) {
  const { overrides } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const labs = Object.keys(overrides).filter((name) => name.startsWith("@jupyterlab/") && !unused.test(name));
  return [...labs, ...others].flatMap((name) => {
    const path = join(root, "node_modules", name, "package.json");
    if (!existsSync(path)) return [];
    return [{ name, version: JSON.parse(readFileSync(path, "utf8")).version }];
  });
}
