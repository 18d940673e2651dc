// Kernels of others as they lie on a machine: found in Jupyter's order, read, and passed over with a word when they are broken.
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { dataFolders } from "../../../kernel/client/data-folders.ts";
import { installedKernelspecs } from "../../../kernel/client/installed-kernelspecs.ts";
import { temporaryFolder } from "../../support/cli.ts";

const python = { argv: ["python", "-m", "k", "-f", "{connection_file}"], display_name: "Python", language: "python" };

function put(folder: string, name: string, spec: unknown): void {
  const file = join(folder, "kernels", name, "kernel.json");
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof spec === "string" ? spec : JSON.stringify(spec));
}

test("folders are Jupyter's, in its order", () => {
  const env = { JUPYTER_PATH: "/a:/b", HOME: "/home/me", VIRTUAL_ENV: "/venv", JUPYTER_DATA_DIR: "/data" };
  const [system, shared] = ["/usr/local/share/jupyter", "/usr/share/jupyter"];
  expect(dataFolders(env)).toEqual(["/a", "/b", "/data", "/venv/share/jupyter", system, shared]);
});

test("of two with one name the first counts, and a bare command is that of the kernel's own environment", () => {
  using folder = temporaryFolder();
  const [first, second] = [join(folder.path, "share/jupyter"), join(folder.path, "other")];
  put(first, "Python3", python);
  put(second, "python3", { ...python, display_name: "Another" });
  mkdirSync(join(folder.path, "bin"));
  writeFileSync(join(folder.path, "bin/python"), "");
  chmodSync(join(folder.path, "bin/python"), 0o755);
  const specs = installedKernelspecs({ folders: [first, second], env: {} });
  expect(specs).toMatchObject([{ name: "python3", displayName: "Python", interrupt: "signal", tslab: false }]);
  expect(specs[0]!.argv).toEqual([join(folder.path, "bin/python"), "-m", "k", "-f", "{connection_file}"]);
});

test("its environment, its own folder and how it is interrupted are as its file says", () => {
  using folder = temporaryFolder();
  const argv = ["/bin/k", "{resource_dir}/main", "{connection_file}"];
  const env = { GREETING: "${WHO}, ${NOBODY}" };
  put(folder.path, "k", { ...python, argv, env, interrupt_mode: "message", metadata: { debugger: true } });
  const [spec] = installedKernelspecs({ folders: [folder.path], env: { WHO: "you" } });
  expect(spec).toMatchObject({
    argv: ["/bin/k", join(folder.path, "kernels/k/main"), "{connection_file}"],
    env: { GREETING: "you, ${NOBODY}" },
    interrupt: "message",
    metadata: { debugger: true },
  });
});

test("a broken one is passed over with a word, and the others are there", () => {
  using folder = temporaryFolder();
  put(folder.path, "good", python);
  put(folder.path, "no-json", "{");
  put(folder.path, "no-argv", { ...python, argv: "python" });
  put(folder.path, "no-name", { ...python, display_name: 3 });
  put(folder.path, "odd-interrupt", { ...python, interrupt_mode: "shout" });
  put(folder.path, "odd-env", { ...python, env: { A: 1 } });
  mkdirSync(join(folder.path, "kernels/empty"));
  writeFileSync(join(folder.path, "kernels/a file"), "");
  const problems: string[] = [];
  const specs = installedKernelspecs({
    folders: [folder.path, join(folder.path, "nowhere")],
    env: {},
    onProblem: (problem) => problems.push(problem),
  });
  expect(specs.map(({ name }) => name)).toEqual(["good"]);
  expect(problems.map((problem) => problem.replace(folder.path, ""))).toEqual([
    'Cannot use kernel /kernels/no-argv: found argv "python", expected a command and its arguments',
    expect.stringMatching(/^Cannot use kernel \/kernels\/no-json: /),
    "Cannot use kernel /kernels/no-name: found display_name 3, expected a text",
    'Cannot use kernel /kernels/odd-env: found env {"A":1}, expected texts by name',
    'Cannot use kernel /kernels/odd-interrupt: found interrupt_mode "shout", expected "signal" or "message"',
  ]);
});
