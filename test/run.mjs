// npm test: types, lint and format, then the tests. `npm test -- lib/frame` runs the tests of one part alone.
//   --peers  tests against foreign clients (Python, Postgres); missing ones are skipped with a line, in CI they fail
//   --soak   the same tests with the full counts of kills and random cases (CELLWRIGHT_EFFORT=soak; .ci/run has its own, ci)
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const flags = new Set(args.filter((arg) => arg.startsWith("--")));
const paths = args
  .filter((arg) => !arg.startsWith("--"))
  .map((path) => (path.startsWith("test/") ? path : `test/${path}`));
const env = { ...process.env };
if (flags.has("--peers")) {
  env.CELLWRIGHT_PEERS = "1";
  const python = join(root, ".venv/bin/python");
  if (!env.CELLWRIGHT_PYTHON && existsSync(python)) env.CELLWRIGHT_PYTHON = python;
}
if (flags.has("--soak")) {
  const counts = { CELLWRIGHT_EFFORT: "soak", CELLWRIGHT_SAVE_KILLS: "200", CELLWRIGHT_STORM: "500" };
  Object.assign(env, counts, process.env);
}

step("build", "server/make.mjs");
if (paths.length === 0 && !flags.has("--peers")) {
  step("types of the tests", "node_modules/typescript/bin/tsc", "-p", "test/tsconfig.json");
  step(
    "types of the application",
    "node_modules/typescript/bin/tsc",
    "-p",
    "notebooks/churn-application/tsconfig.json",
  );
  step("types of the pages", "node_modules/typescript/bin/tsc", "-p", "server/web/tsconfig.json");
  step("types of Lab", "node_modules/typescript/bin/tsc", "-p", "server/lab/tsconfig.json");
  step("lint and format", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".");
}
step("tests", "node_modules/vitest/vitest.mjs", "run", "--config", "test/vitest.config.ts", ...paths);

function step(name, script, ...rest) {
  const started = performance.now();
  const { status, error } = spawnSync(process.execPath, [join(root, script), ...rest], {
    cwd: root,
    stdio: "inherit",
    env,
  });
  if (error) throw error;
  if (status !== 0) {
    console.error(`✖ ${name}`);
    process.exit(status ?? 1);
  }
  console.log(`✔ ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}
