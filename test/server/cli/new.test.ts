// `cellwright new`: what it makes, that its notebooks run, and what it refuses. Installing it for real is a test against npm's
// registry (test/peers/new-project.test.ts).
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { writeNotebook } from "../../../kernel/notebook/write-notebook.ts";
import { bin, cellwright, finished, root, temporaryFolder } from "../../support/cli.ts";

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const at = (...path: string[]) => join(folder.path, ...path);
const make = (...args: string[]) => cellwright(["new", ...args], { cwd: folder.path });
const files = (path: string) =>
  readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());

describe("a new project", () => {
  test("passes its own test: its notebooks run headless, its model tells something", { timeout: 120_000 }, async () => {
    const { code, stdout, stderr } = await make("My Customers", "--cellwright", "^0.1.0");
    expect([code, stderr]).toEqual([0, expect.stringContaining("notebooks/1_ingest.ipynb\n")]);
    expect(stdout).toContain("npm install && npm test && npm start");
    const project = at("My Customers");
    expect(JSON.parse(readFileSync(join(project, "package.json"), "utf8"))).toMatchObject({
      name: "my-customers",
      dependencies: { cellwright: "^0.1.0" },
    });
    for (const name of readdirSync(join(project, "notebooks"))) {
      const text = readFileSync(join(project, "notebooks", name), "utf8");
      expect(writeNotebook(readNotebook(text))).toBe(text);
      expect(text.split("\n").filter((line) => line.length > 142)).toEqual([]);
    }
    mkdirSync(join(project, "node_modules/.bin"), { recursive: true }); // as npm would leave it
    symlinkSync(root, join(project, "node_modules/cellwright"));
    symlinkSync(bin, join(project, "node_modules/.bin/cellwright"));
    const env = { PATH: `${join(project, "node_modules/.bin")}${delimiter}${process.env["PATH"]}` };
    const ran = await finished(process.execPath, ["--test", "test/notebooks.test.mjs"], { cwd: project, env });
    expect([ran.code, ran.stdout]).toEqual([0, expect.stringMatching(/pass 2\b/)]);
    expect(existsSync(join(project, ".cellwright"))).toBe(false);
  });

  test("fills an empty folder that is there, with a packed file of one's own", async () => {
    mkdirSync(at("here"));
    writeFileSync(at("mine-1.0.0.tgz"), "packed");
    expect((await make("here", "--cellwright", "mine-1.0.0.tgz")).code).toBe(0);
    expect(readFileSync(at("here/mine-1.0.0.tgz"), "utf8")).toBe("packed");
    expect(readFileSync(at("here/package.json"), "utf8")).toContain('"cellwright": "file:mine-1.0.0.tgz"');
    expect(readFileSync(at("here/.github/workflows/notebooks.yml"), "utf8")).toContain("--junit results/notebooks.xml");
    expect(readdirSync(folder.path).sort()).toEqual(["here", "mine-1.0.0.tgz"]);
  });

  test("is made as a whole or not at all", async () => {
    mkdirSync(at("full"));
    writeFileSync(at("full/mine.txt"), "mine");
    writeFileSync(at("file"), "");
    const before = files(folder.path).length;
    const refused: [string[], string][] = [
      [["full"], "Cannot make a project in full: found mine.txt in it, expected a new or an empty folder"],
      [["file"], "Cannot make a project in file: found a file, expected a new or an empty folder"],
      [["new", "--cellwright", "none.tgz"], "Cannot read none.tgz: found no such file, expected a packed package"],
      [[], "missing required argument 'folder'"],
    ];
    for (const [args, message] of refused) {
      expect(await make(...args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining(message) });
    }
    expect(files(folder.path)).toHaveLength(before);
    expect(readdirSync(folder.path).sort()).toEqual(["file", "full"]);
  });
});
