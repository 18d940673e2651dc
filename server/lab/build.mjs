// node server/lab/build.mjs FOLDER: builds JupyterLab's front end from its npm packages, with ours among its plugins, into
//   FOLDER/static/           scripts, fonts, icons; names carry a hash of the content
//   FOLDER/themes/NAME/      one style sheet per theme
//   FOLDER/lab.json          scripts of the page, version, plugins that are off
//   FOLDER/schemas.json      settings of every plugin
//   FOLDER/THIRD-PARTY-LICENSES.txt
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { rspack } from "@rspack/core";
import { disabledPlugins, ownPlugins, readExtensions } from "./extensions.mjs";
import { licencesOf } from "./licences.mjs";
import { pageConfig, themeConfig } from "./rspack-config.mjs";
import { sharedModules } from "./shared-modules.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [, , out] = process.argv;
if (!out) throw new Error("Cannot build Lab: found no folder, expected one to build into");
const folder = resolve(out);
const entry = join(folder, "entry.js");

const extensions = readExtensions();
mkdirSync(folder, { recursive: true });
writeFileSync(entry, entryOf(extensions));
const [page] = await build([
  pageConfig({ entry, folder: join(folder, "static") }),
  ...extensions
    .filter(({ theme }) => theme)
    .map(({ name, theme }) => themeConfig({ name, entry: theme, folder: join(folder, "themes", name) })),
]);
rmSync(entry);
cpSync(join(here, "icons"), join(folder, "static"), { recursive: true });
writeFileSync(join(folder, "schemas.json"), JSON.stringify(extensions.flatMap(({ schemas }) => schemas)));
writeFileSync(join(folder, "THIRD-PARTY-LICENSES.txt"), licencesOf(page.compilation));
writeFileSync(
  join(folder, "lab.json"),
  JSON.stringify({
    version: createRequire(import.meta.url)("@jupyterlab/application/package.json").version,
    scripts: page.toJson({ all: false, entrypoints: true }).entrypoints.main.assets.map(({ name }) => name),
    disabledPlugins,
  }),
);

/** The module that everything starts from: styles, plugins by name, ours behind them. */
function entryOf(extensions) {
  const own = (file) => JSON.stringify(join(here, file));
  const plugins = extensions.filter(({ entry }) => entry);
  const mimes = extensions.filter(({ mimeEntry }) => mimeEntry);
  return [
    `import ${own("public-path.ts")};`,
    ...extensions.filter(({ style }) => style).map(({ style }) => `import ${JSON.stringify(style)};`),
    ...plugins.map(({ entry }, i) => `import * as plugin${i} from ${JSON.stringify(entry)};`),
    ...mimes.map(({ mimeEntry }, i) => `import * as mime${i} from ${JSON.stringify(mimeEntry)};`),
    `import { plotly } from ${own("plotly-renderer.ts")};`,
    ...ownPlugins.map(({ name, file }) => `import { ${name} } from ${own(file)};`),
    `import { startLab } from ${own("start-lab.ts")};`,
    "startLab({",
    `  plugins: [${plugins.map((_, i) => `plugin${i}.default`).join(", ")}, ${ownPlugins.map(({ name }) => name).join(", ")}],`,
    `  shared: {${sharedModules(dirname(dirname(here)))
      .map(sharedEntry)
      .join(", ")}},`,
    `  renderers: [${mimes.map((_, i) => `mime${i}.default`).join(", ")}, plotly],`,
    "});",
  ].join("\n");
}

function sharedEntry({ name, version }) {
  return `${JSON.stringify(name)}: { version: ${JSON.stringify(version)}, load: () => import(${JSON.stringify(name)}) }`;
}

async function build(configs) {
  const compiler = rspack(configs);
  const { stats } = await new Promise((resolve, reject) =>
    compiler.run((error, result) => (error ? reject(error) : resolve(result))),
  );
  for (const each of stats) {
    if (!each.hasErrors()) continue;
    console.error(each.toString({ preset: "errors-only", colors: process.stderr.isTTY }));
    process.exit(1);
  }
  return stats;
}
