// Who may import whom, and through which folder an npm package comes in. The table of the README's map, enforced.
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Room → rooms it may import besides itself. The longest room that fits a file counts. */
const mayImport: Record<string, readonly string[]> = {
  "lib/core": [],
  "lib/contract": ["lib/core"],
  "lib/frame": ["lib/core"],
  "lib/data": ["lib/core", "lib/frame"],
  "lib/display": ["lib/core", "lib/frame"],
  "lib/prepare": ["lib/core", "lib/frame"],
  "lib/models": ["lib/core", "lib/frame", "lib/prepare"],
  "lib/metrics": ["lib/core"],
  "lib/tune": ["lib/core", "lib/frame", "lib/prepare", "lib/models", "lib/metrics"],
  "lib/explain": ["lib/core", "lib/contract", "lib/frame", "lib/prepare", "lib/models", "lib/metrics", "lib/packaging"],
  "lib/packaging": ["lib/core", "lib/contract", "lib/frame", "lib/prepare", "lib/models"],
  "lib/serving": ["lib/core", "lib/contract", "lib/frame"],
  "lib/monitoring": ["lib/core", "lib/contract", "lib/metrics"],
  "lib/platform": ["lib/core", "lib/contract"],
  "lib/simulation": ["lib/core", "lib/contract", "lib/frame", "lib/metrics", "lib/serving", "lib/platform"],
  "lib/index.ts": ["lib"],
  "kernel/notebook": [],
  "kernel/protocol": [],
  "kernel/evaluator": [],
  "kernel/checker": ["kernel/evaluator"],
  "kernel/host": ["kernel/protocol", "kernel/evaluator", "kernel/checker"],
  "kernel/client": ["kernel/protocol"],
  "kernel/runner": ["kernel/client", "kernel/notebook"],
  "server/storage": ["lib/core", "lib/contract"],
  "server/auth": ["lib/core", "lib/contract", "server/storage"],
  "server/builds": ["lib/core", "lib/contract", "kernel/notebook", "server/storage"],
  "server/deployments": ["lib/core", "lib/contract", "lib/packaging/signature.ts", "server/storage"],
  "server/jobs": ["lib/core", "lib/contract", "kernel/notebook", "kernel/runner/events.ts", "server/storage"],
  "server/monitoring": ["lib/core", "lib/contract", "lib/monitoring", "server/storage"],
  "server/applications": ["lib/core", "lib/contract", "server/storage"],
  "server/jupyter": [
    "lib/core",
    "lib/contract",
    "kernel/client",
    "kernel/protocol",
    "kernel/notebook",
    "server/storage/sync-folder.ts",
  ],
  "server/lab": ["lib/display/template.ts"],
  "server/web": ["lib/contract", "lib/display/template.ts"],
  "server/settings.ts": ["lib/core"],
  "server/errors.ts": ["lib/core", "lib/contract", "server"],
  "server/app.ts": ["lib/core", "lib/contract", "lib/packaging", "server", "kernel"],
  "server/cli": ["lib/core", "lib/contract", "lib/packaging", "lib/platform", "server", "kernel"],
  server: ["lib/core", "lib/contract", "server"],
};

/** Files every room of a house may import: its settings, its errors, what a principal is, what a route needs. */
const open: readonly string[] = [
  "server/settings.ts",
  "server/errors.ts",
  "server/log.ts",
  "server/auth/principal.ts",
  "server/bundle-program.ts",
];

/** Package → the one folder it comes in through; more than one needs its reason. */
const doors: Record<string, readonly string[]> = {
  zeromq: ["kernel/protocol"],
  "oxc-transform": ["kernel/evaluator", "server/builds"], // a build strips types as the kernel does
  typescript7: ["kernel/checker"],
  "oxc-parser": ["kernel/evaluator", "kernel/checker", "kernel/notebook", "server/builds"], // four readers of TypeScript, one grammar
  acorn: ["kernel/evaluator"],
  typescript: ["kernel/evaluator"], // it lowers decorators
  croner: ["server/jobs"],
  esbuild: ["server/builds", "server"], // a model, and programs of the user
  express: [
    "server/app.ts",
    "server/applications",
    "server/auth",
    "server/builds",
    "server/deployments",
    "server/jobs",
    "server/monitoring",
    "server",
  ], // each room has its routes
  zod: ["lib/contract", "server"], // errors of a parse are the server's to word
  libsql: ["server/storage"],
  pg: ["server/storage", "lib/data"], // our own store, and tables that users have there
  mysql2: ["lib/data"],
  aws4fetch: ["lib/data"], // signs requests to S3
  httpxy: ["server/applications"],
  kysely: [
    "server/storage",
    "server/applications",
    "server/auth",
    "server/builds",
    "server/deployments",
    "server/jobs",
    "server/monitoring",
  ], // each room's store asks by Kysely
  arquero: ["lib/frame"],
  "@uwdata/flechette": ["lib/frame"],
  "danfojs-node": ["lib/frame"],
  "@duckdb/node-api": ["lib/data"],
  "parquet-wasm": ["lib/data"],
  "ml-logistic-regression": ["lib/models"],
  "ml-matrix": ["lib/models"],
  "markdown-it": ["kernel/notebook"],
  "@lezer/highlight": ["kernel/notebook"],
  "@lezer/javascript": ["kernel/notebook"],
  yaml: ["lib/packaging"],
  commander: ["server/cli"],
  "cli-progress": ["server/cli"],
  pino: ["server/log.ts", "server/app.ts"],
  helmet: ["server/app.ts", "server"],
  "prom-client": ["server/monitoring"],
  react: ["server/web"],
  "react-dom": ["server/web"],
  "@mantine/core": ["server/web"],
  "@mantine/hooks": ["server/web"],
  "@mantine/notifications": ["server/web"],
  "@mantine/spotlight": ["server/web"],
  "@tabler/icons-react": ["server/web"],
  "@tanstack/react-query": ["server/web"],
  "@tanstack/react-router": ["server/web"],
  "@tanstack/react-virtual": ["server/web"],
  "plotly.js": ["server/web", "server/lab"], // two pages, one drawing
  "@jupyterlab/application": ["server/lab"],
  "@jupyterlab/apputils": ["server/lab"],
  "@jupyterlab/cells": ["server/lab"],
  "@jupyterlab/codemirror": ["server/lab"],
  "@jupyterlab/coreutils": ["server/lab"],
  "@jupyterlab/debugger": ["server/lab"],
  "@jupyterlab/launcher": ["server/lab"],
  "@jupyterlab/notebook": ["server/lab"],
  "@jupyterlab/rendermime-interfaces": ["server/lab"],
  "@jupyterlab/settingregistry": ["server/lab"],
  "@jupyterlab/ui-components": ["server/lab"],
  "@jupyterlab/services": ["server/lab", "kernel/client"], // Lab's own, and kernels elsewhere
  "@lumino/coreutils": ["server/lab"],
  "@lumino/widgets": ["server/lab"],
  ws: ["server/jupyter", "kernel/client"], // both ends of a kernel's channels
  vite: ["server/web"],
  "@vitejs/plugin-react": ["server/web"],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const files = ["lib", "kernel", "server"].flatMap((house) =>
  readdirSync(join(root, house), { recursive: true, encoding: "utf8" })
    .map((path) => join(house, path))
    .filter((path) => /\.tsx?$/.test(path)),
);
const imports = files.flatMap(importsOf);
const local = imports.filter(({ to }) => to.startsWith("."));
const packages = imports.filter(({ to }) => !to.startsWith(".") && !isBuiltin(to));

describe("architecture", () => {
  test("every import follows the table", () => {
    const wrong = local
      .map(({ from, to }) => ({ from, to: join(dirname(from), to) }))
      .filter(({ from, to }) => !allowed(from, to))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  test("an npm package comes in through one folder", () => {
    const wrong = packages
      .filter(({ from, to }) => !(doors[packageOf(to)] ?? []).some((door) => within(from, door)))
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  test("every door is used", () => {
    const used = new Set(packages.map(({ to }) => packageOf(to)));
    expect(Object.keys(doors).filter((name) => !used.has(name))).toEqual([]);
  });

  test("what bundles carry takes only types from the contract", () => {
    const wrong = local
      .filter(({ from }) => /^lib\/(serving|packaging)\//.test(from))
      .filter(({ from, to, typeOnly }) => within(join(dirname(from), to), "lib/contract") && !typeOnly)
      .map(({ from, to }) => `${from} → ${to}`);
    expect(wrong).toEqual([]);
  });

  test("no circle of imports", () => {
    expect(circleIn(local.filter(({ typeOnly }) => !typeOnly))).toEqual([]);
  });

  test("only settings read the environment in lib", () => {
    const readers = files.filter(
      (file) => file.startsWith("lib/") && /process\.env\b/.test(readFileSync(join(root, file), "utf8")),
    );
    expect(readers).toEqual(["lib/core/settings.ts"]);
  });
});

function importsOf(file: string): Import[] {
  const { module } = parseSync(file, readFileSync(join(root, file), "utf8"));
  const statics = module.staticImports.map(({ moduleRequest, entries }) => ({
    from: file,
    to: moduleRequest.value,
    typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
  }));
  const reexports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ from: file, to: moduleRequest.value, typeOnly: isType }] : [],
    ),
  );
  const text = readFileSync(join(root, file), "utf8");
  const dynamics = module.dynamicImports.flatMap(({ moduleRequest }) => {
    const [, to] = /^["'`]([^"'`$]+)["'`]$/.exec(text.slice(moduleRequest.start, moduleRequest.end)) ?? [];
    return to ? [{ from: file, to, typeOnly: true }] : []; // a lazy import makes no circle at start
  });
  return [...statics, ...reexports, ...dynamics];
}

function allowed(from: string, to: string): boolean {
  const home = roomOf(from);
  if (within(to, home) || open.includes(to)) return true;
  return (mayImport[home] ?? []).some((room) => within(to, room));
}

function roomOf(file: string): string {
  const fitting = Object.keys(mayImport).filter((room) => within(file, room));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? file;
}

function within(path: string, room: string): boolean {
  return path === room || path.startsWith(`${room}/`);
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith("node:") || builtinModules.includes(specifier);
}

/** One circle of files, or none. */
function circleIn(edges: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), relative("", join(dirname(from), to))]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const target of next.get(file) ?? []) {
      const circle = visit(target, [...path, file]);
      if (circle.length > 0) return circle;
    }
    done.add(file);
    return [];
  };
  for (const file of next.keys()) {
    const circle = visit(file, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
