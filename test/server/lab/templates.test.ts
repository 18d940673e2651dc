// The launcher's notebooks run from top to bottom, one after the other, in a folder that holds nothing else.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { notebookOf, templates } from "../../../server/lab/launcher/templates.ts";
import { bin, cleanEnvironment, temporaryFolder } from "../../support/cli.ts";

test("the notebooks to begin with run, each after the one before", { timeout: 120_000 }, () => {
  using folder = temporaryFolder();
  const home = join(folder.path, ".cellwright");
  mkdirSync(join(folder.path, "notebooks"));
  const files = templates.map((template) => {
    const file = join(folder.path, "notebooks", `${template.name}.ipynb`);
    writeFileSync(file, JSON.stringify(notebookOf(template)));
    return file;
  });
  for (const file of files) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [bin, "run", file], {
      cwd: folder.path,
      env: { ...cleanEnvironment(), CELLWRIGHT_HOME: home, CELLWRIGHT_PROJECT: folder.path },
      encoding: "utf8",
    });
    expect(status, `${file}\n${stdout}${stderr}`).toBe(0);
  }
});
