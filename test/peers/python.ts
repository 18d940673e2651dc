// Runs a Python script with JSON in and JSON out, where a Python with the needed modules is found (CELLWRIGHT_PYTHON).
import { spawnSync } from "node:child_process";

const python = process.env["CELLWRIGHT_PYTHON"];

/**
 * Whether tests that need these modules cannot run here; says so in a line. In CI their absence is an error.
 *
 * @param modules as Python imports them
 */
export function pythonMissing(...modules: string[]): boolean {
  const reason = whyMissing(modules);
  if (reason && process.env["CELLWRIGHT_CI"]) throw new Error(`Cannot test against ${modules.join(", ")}: ${reason}`);
  if (reason) console.log(`skipped: ${modules.join(", ")}: ${reason}`);
  return reason !== undefined;
}

/** @returns what the script writes to stdout, parsed */
export function runPython<T>(script: string, input: unknown): T {
  const { status, stdout, stderr } = spawnSync(python!, ["-c", script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    // One thread: two of them fighting for two cores cost ten times what they win.
    env: { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" },
  });
  if (status !== 0) throw new Error(`Python ended with ${status}:\n${stderr}`);
  return JSON.parse(stdout) as T;
}

function whyMissing(modules: readonly string[]): string | undefined {
  if (!python)
    return "CELLWRIGHT_PYTHON is not set (python -m venv .venv, then pip install -r test/peers/requirements.txt)";
  const { status, error } = spawnSync(python, ["-c", modules.map((name) => `import ${name}`).join("\n")]);
  if (error) return `found no Python at ${python}`;
  return status === 0 ? undefined : `${python} cannot import them`;
}
