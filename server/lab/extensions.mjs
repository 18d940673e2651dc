// Which of JupyterLab's extensions are built in, read from the installed packages: what each brings of code, styles, settings
// schemas and themes. Plain JavaScript: it runs before anything is built.
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const require = createRequire(import.meta.url);

/** Installed, yet not in the page; each with its reason. */
export const leftOut = {
  "@jupyterlab/extensionmanager-extension": "nothing is installed at run time",
  "@jupyterlab/lsp-extension": "the kernel completes; there is no language server",
  "@jupyterlab/pluginmanager-extension": "what is switched off here stays off",
};

/** Plugins of the built-in packages that lack a partner, ask the internet, or are replaced by ours. */
export const disabledPlugins = [
  "@jupyterlab/application-extension:faviconbusy",
  "@jupyterlab/application-extension:logo",
  "@jupyterlab/apputils-extension:announcements",
  "@jupyterlab/apputils-extension:licenses-client",
  "@jupyterlab/apputils-extension:licenses-plugin",
  "@jupyterlab/fileeditor-extension:language-server",
  "@jupyterlab/help-extension:jupyter-forum",
  "@jupyterlab/help-extension:licenses-commands",
  "@jupyterlab/notebook-extension:cell-executor",
  "@jupyterlab/notebook-extension:language-server",
];

/** Ours: what each file exports. */
export const ownPlugins = [
  { name: "cellExecutor", file: "cell-executor.ts" },
  { name: "dashboardLink", file: "dashboard-link.ts" },
  { name: "debuggerModules", file: "debugger-modules.ts" },
  { name: "deployCommand", file: "deploy/deploy-command.ts" },
  { name: "faviconBusy", file: "favicon-busy.ts" },
  { name: "launcherSection", file: "launcher/launcher-section.ts" },
  { name: "narrowWindow", file: "narrow-window.ts" },
  { name: "promptOverlay", file: "prompt-overlay.ts" },
  { name: "reattachCells", file: "reattach/reattach-cells.ts" },
  { name: "stillCursors", file: "still-cursors.ts" },
  { name: "themeChoice", file: "theme-choice.ts" },
  { name: "variableInspector", file: "variables/variable-inspector.ts" },
];

/** Defaults other than JupyterLab's: by schema, then by setting. */
export const settingDefaults = {
  "@jupyterlab/apputils-extension:themes": { "adaptive-theme": true },
};

/** In the order of their names. */
export function readExtensions() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  return Object.keys(devDependencies)
    .filter((name) => name.startsWith("@jupyterlab/") && !(name in leftOut))
    .sort()
    .map(readExtension)
    .filter(({ entry, mimeEntry }) => entry || mimeEntry);
}

function readExtension(name) {
  const path = require.resolve(`${name}/package.json`);
  const { version, styleModule, style, jupyterlab = {} } = JSON.parse(readFileSync(path, "utf8"));
  const { extension, mimeExtension, schemaDir, themePath } = jupyterlab;
  return {
    name,
    version,
    entry: entryOf(name, extension),
    mimeEntry: entryOf(name, mimeExtension),
    style: (styleModule ?? style) ? `${name}/${styleModule ?? style}` : undefined,
    schemas: schemaDir ? readSchemas(name, version, join(dirname(path), schemaDir)) : [],
    theme: themePath ? join(dirname(path), themePath) : undefined,
  };
}

/** `true` is the package's main module, a text one of its files. */
function entryOf(name, declared) {
  return typeof declared === "string" ? `${name}/${declared}` : declared ? name : undefined;
}

function readSchemas(name, version, folder) {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => {
      const id = `${name}:${basename(file, ".json")}`;
      const schema = withDefaults(id, JSON.parse(readFileSync(join(folder, file), "utf8")));
      return { id, version, schema };
    });
}

function withDefaults(id, schema) {
  for (const [setting, value] of Object.entries(settingDefaults[id] ?? {})) {
    if (!schema.properties?.[setting])
      throw new Error(`Cannot build Lab: found no setting ${setting} in ${id}, expected the one in settingDefaults`);
    schema.properties[setting].default = value;
  }
  return schema;
}
