// Builds dist (tsc) and the web pages (Vite), each skipped while the hash of its inputs is what it was. Plain JavaScript: it
// runs before anything is built. Under a lock, so that two commands at once build once. `--watch` keeps building.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const node = process.execPath;
const tsc = join(root, "node_modules/typescript/bin/tsc");
/** For pages of executed notebooks, which stand outside the dashboard's bundle. */
const plotly = "plotly-cartesian.min.js";
const vite = join(root, "node_modules/vite/bin/vite.js");

const parts = [
  {
    name: "dist",
    inputs: ["lib", "kernel", "server"],
    skip: /^server\/(web|lab)\//,
    outputs: ["lib", "kernel", "server"],
    make: makeDist,
  },
  {
    name: "web",
    inputs: ["server/web", "lib/contract", "lib/display/template.ts"],
    outputs: ["web"],
    make: makeWeb,
  },
  {
    name: "lab",
    inputs: ["server/lab", "lib/display/template.ts"],
    outputs: ["lab"],
    make: makeLab,
  },
];

if (!existsSync(tsc)) process.exit(0); // installed as a package: dist came with it
if (process.argv.includes("--watch")) watch();
else withLock(() => parts.forEach(makeIfChanged));

function makeIfChanged(part) {
  const hash = hashOf(part);
  const stamp = join(dist, `.${part.name}.hash`);
  const built = part.outputs.every((output) => existsSync(join(dist, output)));
  if (built && existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  const next = join(dist, `.${part.name}.next`);
  rmSync(next, { recursive: true, force: true });
  part.make(next); // ends this process when it fails: what was built before stays
  rmSync(stamp, { force: true });
  for (const output of part.outputs) {
    rmSync(join(dist, output), { recursive: true, force: true });
    renameSync(join(next, output), join(dist, output));
  }
  rmSync(next, { recursive: true, force: true });
  writeFileSync(stamp, hash);
}

function makeDist(folder) {
  const fresh = ["--composite", "false", "--incremental", "false", "--noEmitOnError"];
  run([tsc, "-p", "tsconfig.json", "--outDir", folder, ...fresh, "--pretty", String(process.stdout.isTTY === true)]);
  chmodSync(join(folder, "server/cli/bin.js"), 0o755);
  const { buildSync } = createRequire(import.meta.url)("esbuild");
  const together = { allowOverwrite: true, bundle: true, platform: "node", format: "esm" };
  // arquero is 90 files: read as one, importing the library takes half the time
  const arquero = join(folder, "lib/frame/arquero.js");
  buildSync({ ...together, entryPoints: [arquero], outfile: arquero });
  // a kernel's processes are 60 files: read as a few each, the first cell comes a fifth sooner
  const host = join(folder, "kernel/host");
  const native = ["zeromq", "oxc-transform", "oxc-parser", "typescript", "@swc/*"]; // and what is seldom wanted
  for (const name of ["main.js", "child.js", "helper.js"]) {
    const entryPoints = [join(host, name)];
    buildSync({ ...together, entryPoints, outdir: host, splitting: true, external: native, target: "node20" });
  }
}

function makeWeb(folder) {
  run([
    vite,
    "build",
    "--config",
    "server/web/vite.config.ts",
    "--logLevel",
    "warn",
    "--outDir",
    join(folder, "web"),
    "--emptyOutDir",
  ]);
  copyFileSync(join(root, "node_modules/plotly.js/dist", plotly), join(folder, "web", plotly));
}

/** JupyterLab from its packages: half a minute, so once per change of it. */
function makeLab(folder) {
  run([join(root, "server/lab/build.mjs"), join(folder, "lab")]);
}

function run(args) {
  const { status, error } = spawnSync(node, args, {
    cwd: root,
    stdio: "inherit",
  });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function hashOf({ inputs, skip }) {
  const hash = createHash("sha256").update(process.version);
  const files = ["package-lock.json", "tsconfig.json", ...inputs.flatMap((input) => listFiles(join(root, input)))];
  for (const file of files.sort()) {
    const path = relative(root, join(root, file));
    if (skip?.test(path)) continue;
    hash
      .update(path)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function listFiles(path) {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [relative(root, path)];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)));
}

/** One builder at a time; a lock whose owner is gone is taken over. */
function withLock(work) {
  mkdirSync(dist, { recursive: true });
  const lock = join(dist, ".lock");
  for (;;) {
    try {
      const file = openSync(lock, "wx");
      writeFileSync(file, String(process.pid));
      closeSync(file);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
      if (!ownerLives(lock)) rmSync(lock, { force: true });
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
  const unlock = () => rmSync(lock, { force: true });
  process.once("exit", unlock);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
  work();
}

function ownerLives(lock) {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    if (pid === 0) return Date.now() - statSync(lock).mtimeMs < 2000; // taken, its owner not yet written
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function watch() {
  withLock(() => parts.forEach(makeIfChanged));
  for (const args of [
    [tsc, "-b", "--watch", "--preserveWatchOutput"],
    [vite, "build", "--watch", "--config", "server/web/vite.config.ts"],
  ]) {
    spawn(node, args, { cwd: root, stdio: "inherit" });
  }
}
