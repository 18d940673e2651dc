// `cellwright run` in a terminal, a real one by its system calls: a bar a notebook, whose time goes on while a cell runs.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { canOpenTerminals, openPseudoTerminal } from "../../../server/jupyter/terminals/pseudo-terminal.ts";
import { bin, cleanEnvironment, temporaryFolder } from "../../support/cli.ts";
import { notebookText } from "../../support/notebooks.ts";

test.skipIf(!canOpenTerminals())("each of several notebooks has a bar that moves, and its own end", async () => {
  using folder = temporaryFolder();
  const waits = `import fs from "node:fs";\nwhile (!fs.existsSync("go")) await new Promise((done) => setTimeout(done, 20));`;
  const write = (name: string, sources: readonly string[]): void =>
    writeFileSync(join(folder.path, name), notebookText(sources.map((source, i) => ({ id: `c${i}`, source }))));
  write("good.ipynb", [waits, "1"]);
  write("failing.ipynb", [waits, 'throw new Error("no")']);
  const terminal = openPseudoTerminal({ cwd: folder.path, env: { ...cleanEnvironment(), SHELL: "/bin/sh" } });
  const ended = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)));
  let said = "";
  terminal.onData((text) => {
    said += text;
  });
  terminal.write(`exec '${process.execPath}' '${bin}' run good.ipynb failing.ipynb -j 2\r`);
  const times = (path: string): Set<string> =>
    new Set([...said.matchAll(new RegExp(`● ${path} +░{20} 0/2 (\\d+\\.\\d s)`, "g"))].map(([, time]) => time!));
  for (const path of ["good.ipynb", "failing.ipynb"])
    await expect.poll(() => times(path).size, { timeout: 20_000 }).toBeGreaterThan(2);
  writeFileSync(join(folder.path, "go"), "");
  expect(await ended).toBe(1);
  expect(said).toMatch(/✔ good\.ipynb {4}█{20} 2\/2/);
  expect(said).toMatch(/✖ failing\.ipynb █{10}░{10} 1\/2/);
  const [, lastLines] = said.split("\u001b[?25h"); // the cursor is shown again: the bars are over
  expect(lastLines).toMatch(/✔ {2}good\.ipynb {2}2 of 2 cells.*\r\n✖ {2}failing\.ipynb {2}1 of 2 cells/);
});
