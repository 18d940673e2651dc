// Build folders: content, places of errors, what they hold of their inputs, and what cannot be bundled. Long, for it is a list of
// cases.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import type { CheckResult } from "../../../lib/contract/build-manifest.ts";
import { readReference } from "../../../server/builds/read-reference.ts";
import { finished, temporaryFolder } from "../../support/cli.ts";
import { notebook, openWorkshop, unchecked } from "./notebooks.ts";

const simple = notebook(
  "const a: number = 1;",
  "console.log(a);",
  "export const explain = (x: number): number => x + a;",
);

describe("a build folder", () => {
  test("is named by its content: the same content is the same build, tried once", async () => {
    using workshop = openWorkshop();
    let tried = 0;
    const check = async (): Promise<CheckResult> => {
      tried++;
      return unchecked();
    };
    const first = await workshop.attempt(simple, { check });
    const again = await workshop.attempt(simple, { check });
    const otherwise = await workshop.attempt(simple.replace("console.log(a)", "console.log(a, a)"), { check });
    expect(first).toMatchObject({ isNew: true });
    expect(again).toEqual({ ...first, isNew: false });
    expect(otherwise).toMatchObject({ isNew: false });
    expect(tried).toBe(1);
    const { id, folder } = await workshop.build(simple);
    expect(folder).toBe(join(workshop.folder, id));
    expect(readdirSync(workshop.folder)).toEqual([id]);
  });
  test("is another one when code, function, position or an asset differ", async () => {
    using workshop = openWorkshop();
    const idOf = async (text: string, options = {}): Promise<string> =>
      (await workshop.build(text, { check: unchecked, ...options })).id;
    const text = notebook("export const explain = () => 1;\nexport const other = () => 2;");
    const ids = [
      await idOf(text),
      await idOf(text.replace("=> 1", "=> 3")),
      await idOf(text, { functionName: "other" }),
      await idOf(notebook("", "export const explain = () => 1;\nexport const other = () => 2;")),
      await idOf(text, { inputs: [workshop.input("file", "a.txt", { "a.txt": "1" })] }),
      await idOf(text, { inputs: [workshop.input("file", "a.txt", { "a.txt": "2" })] }),
    ];
    expect(new Set(ids).size).toBe(6);
  });
  test("is the same wherever the packages and the builds lie", async () => {
    using project = temporaryFolder();
    using first = openWorkshop();
    using second = openWorkshop();
    const text = notebook("import tiny from 'tiny';", "export const explain = () => tiny();");
    const ids = [];
    for (const [workshop, place] of [
      [first, "a"],
      [second, "b/deeper"],
    ] as const) {
      const folder = join(project.path, place, "node_modules/tiny");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, "package.json"), '{"name": "tiny", "version": "1.0.0", "main": "index.js"}');
      writeFileSync(join(folder, "index.js"), "const os = require('node:os'); module.exports = () => typeof os.cpus;");
      const packagesFolder = join(project.path, place);
      ids.push((await workshop.build(text, { packagesFolder })).id);
      expect((await workshop.load(text, { packagesFolder }))()).toBe("function");
    }
    expect(ids[0]).toBe(ids[1]);
  });
  test("is not there when it does not work, and nothing is left behind", async () => {
    using workshop = openWorkshop();
    await expect(workshop.attempt(notebook("throw new Error('no');\nexport const explain = () => 1;"))).rejects.toThrow(
      "no",
    );
    expect(readdirSync(workshop.folder)).toEqual([]);
  });
  test("is written for good: its files are read-only", async () => {
    using workshop = openWorkshop();
    const { folder } = await workshop.build(simple);
    expect(statSync(join(folder, "model.mjs")).mode & 0o222).toBe(0);
  });
  test("is made once by two at the same time", async () => {
    using workshop = openWorkshop();
    const both = await Promise.all([workshop.build(simple), workshop.build(simple)]);
    expect(both[0]).toEqual(both[1]);
    expect(readdirSync(workshop.folder)).toEqual([both[0].id]);
  });
  test("tells what the trial run reported", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { modelMetrics } from 'cellwright';",
      "export const explain = modelMetrics((x: { n: number }) => x.n, { signature: { inputs: [{ name: 'n', type: 'double' }] }, example: { n: 1 } });",
    );
    const { description, bundleBytes, imports } = await workshop.build(text);
    expect(description).toEqual({ signature: { inputs: [{ name: "n", type: "double" }] }, example: { n: 1 } });
    expect(imports).toEqual({ cellwright: ["modelMetrics"] });
    expect(bundleBytes).toBeLessThan(10_000);
  });
  test("keeps rows the model learnt from beside the description, and is the same build", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { modelMetrics } from 'cellwright';",
      "const reference = { n: [1, 2, 3], kind: ['a', null, 'b'] };",
      "export const explain = modelMetrics((x: { n: number }) => x.n, { example: { n: 1 }, reference });",
    );
    const { description, id } = await workshop.build(text);
    const folder = join(workshop.folder, id);
    expect(description).toEqual({ example: { n: 1 } });
    expect(await readReference(folder)).toEqual({ n: [1, 2, 3], kind: ["a", null, "b"] });
    expect(readFileSync(join(folder, "build.json"), "utf8")).not.toContain('"reference":');
    rmSync(join(folder, "reference.json"));
    expect(await readReference(folder)).toBeUndefined();
    writeFileSync(join(folder, "reference.json"), '{"n":[1,2],"kind":["a"]}');
    expect(await readReference(folder)).toBeUndefined();
    expect((await workshop.build(text)).id).toBe(id);
  });
  test("refuses more reference rows than tell a distribution, in the cell that brings them", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { modelMetrics } from 'cellwright';",
      "export const explain = modelMetrics((x: object) => 1, { reference: { n: new Array(1001).fill(0) } });",
    );
    await expect(workshop.build(text)).rejects.toThrow(/cell 2 .*found 1001, expected at most 1000/);
  });
});

describe("lines of the notebook", () => {
  test("an error's place is a line of `cells.ts`, which is a line of a cell", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { join } from 'node:path';\n\nfunction inner(): never {\n  throw new Error(join('a', 'b'));\n}",
      "const inner2 = 1;",
      "let k = 1;",
      "let k = 2; function again() { return 1; }\nfunction again2() {\n  return inner();\n}",
      "function again2() { return (k, inner()); }\nexport const explain = () =>\n  again2();",
    );
    const { folder, lines } = await workshop.build(text);
    const script = `import { explain } from ${JSON.stringify(pathToFileURL(join(folder, "model.mjs")).href)};
      try { explain(); } catch (error) { console.log(error.stack); }`;
    const args = ["--enable-source-maps", "--input-type=module", "-e", script];
    const { stdout } = await finished(process.execPath, args);
    const places = [...stdout.matchAll(/cells\.ts:(\d+)/g)].map(([, text]) => {
      const line = Number(text);
      const at = lines.find(({ firstLine, lineCount }) => line >= firstLine && line < firstLine + lineCount)!;
      return `${at.cell}:${line - at.firstLine + 1}`;
    });
    expect(places).toEqual(["c1:4", "c5:1", "c5:3"]);
  });
});

describe("local modules", () => {
  const text = notebook(
    "import { price } from './lib/price.ts';\nimport data from '../data.json';",
    "export const explain = (x: number) => price(x) + data.n;",
  );

  test("are asked for with the chain that needs them, then those that they import", async () => {
    using workshop = openWorkshop();
    expect(await workshop.needs(text)).toEqual([
      { path: "./lib/price.ts", kind: "module", neededBy: "explain (cell 2) → price (cell 1)" },
      { path: "../data.json", kind: "module", neededBy: "explain (cell 2) → data (cell 1)" },
    ]);
    const inputs = [
      workshop.input("module", "./lib/price.ts", {
        "price.ts": "import { tax } from './tax';\nexport const price = (x: number): number => tax(x) * 2;",
      }),
      workshop.input("module", "../data.json", { "data.json": '{"n": 100}' }),
    ];
    expect(await workshop.needs(text, { inputs })).toEqual([
      { path: "./lib/tax", kind: "module", neededBy: "./lib/price.ts" },
    ]);
    inputs.push(workshop.input("module", "./lib/tax", { "tax.ts": "export const tax = (x: number) => x + 1;" }));
    expect((await workshop.load(text, { inputs }))(3)).toBe(108);
    const { inputs: used } = await workshop.build(text, { inputs });
    expect(used).toEqual(inputs);
  });
  test("one that was sent and does not fit is refused, not asked for again", async () => {
    using workshop = openWorkshop();
    const inputs = [
      workshop.input("module", "./lib/price.ts", { "other.ts": "" }),
      workshop.input("module", "../data.json", { "data.json": "{}" }),
    ];
    await expect(workshop.attempt(text, { inputs })).rejects.toThrow(
      'found no module in what was sent for "./lib/price.ts"',
    );
  });
  test("an index of a folder, a .js that is a .ts, a folder sent whole", async () => {
    using workshop = openWorkshop();
    const both = notebook(
      "import { a } from './lib';\nimport { b } from './b.js';\nimport { c } from './all/c';",
      "export const explain = () => [a, b, c];",
    );
    const inputs = [
      workshop.input("module", "./lib", { "lib/index.ts": "export const a = 1;" }),
      workshop.input("module", "./b.js", { "b.ts": "export const b: number = 2;" }),
      workshop.input("module", "./all", { "c.ts": "export { d as c } from './d.ts';", "d.ts": "export const d = 3;" }),
    ];
    expect((await workshop.load(both, { inputs }))()).toEqual([1, 2, 3]);
  });
  test("one that does not compile is named with its line", async () => {
    using workshop = openWorkshop();
    const inputs = [
      workshop.input("module", "./lib/price.ts", { "price.ts": "\nexport const price = ;" }),
      workshop.input("module", "../data.json", { "data.json": "{}" }),
    ];
    await expect(workshop.attempt(text, { inputs })).rejects.toThrow(
      "Cannot build explain: ./lib/price.ts, line 2: Unexpected",
    );
  });
  test("a name that a module does not export is named with the cell", async () => {
    using workshop = openWorkshop();
    const inputs = [workshop.input("module", "./a.ts", { "a.ts": "export const b = 1;" })];
    const wrong = notebook("import { a } from './a.ts';", "export const explain = () => a;");
    await expect(workshop.attempt(wrong, { inputs })).rejects.toThrow(
      'No matching export in "notebook:a.ts" for import "a"',
    );
  });
});

describe("folders and files that kept cells read", () => {
  const text = notebook(
    "import { asset } from 'cellwright';\nimport { readFileSync } from 'node:fs';",
    "const words = readFileSync(asset('data/words.txt'), 'utf8');",
    "const one = readFileSync(`${asset('model')}/deep/one.txt`, 'utf8');",
    "export const explain = () => words + one;",
  );

  test("are asked for one after the other and lie in the build, by content", async () => {
    using workshop = openWorkshop();
    expect(await workshop.needs(text)).toEqual([{ path: "data/words.txt", kind: "file", neededBy: "explain" }]);
    const inputs = [workshop.input("file", "data/words.txt", { "words.txt": "hello " })];
    expect(await workshop.needs(text, { inputs })).toEqual([{ path: "model", kind: "folder", neededBy: "explain" }]);
    inputs.push(workshop.input("folder", "model", { "deep/one.txt": "world", "two.txt": "" }));
    const { folder, assets } = await workshop.build(text, { inputs });
    expect(assets).toEqual({
      "data/words.txt": expect.stringMatching(/^assets\/[0-9a-f]{64}\/words\.txt$/),
      model: expect.stringMatching(/^assets\/[0-9a-f]{64}$/),
    });
    expect(readFileSync(join(folder, assets["data/words.txt"]!), "utf8")).toBe("hello ");
    expect(readFileSync(join(folder, assets["model"]!, "deep/one.txt"), "utf8")).toBe("world");
  });
  test("one that was sent and lacks something is refused, not asked for again", async () => {
    using workshop = openWorkshop();
    const inputs = [
      workshop.input("file", "data/words.txt", { "words.txt": "" }),
      workshop.input("folder", "model", { "deep/two.txt": "" }),
    ];
    await expect(workshop.attempt(text, { inputs })).rejects.toThrow(/cell 3 \(c3\), line 1 throws: ENOENT/);
  });
  test.each(["../out.txt", "/etc/passwd", "a/../../b", "a\\b", ""])(
    "a file path that leads out is refused: %j",
    async (path) => {
      using workshop = openWorkshop();
      const inputs = [workshop.input("folder", "model", { [path]: "x" })];
      await expect(workshop.attempt(simple, { inputs })).rejects.toThrow(
        `Cannot build with "model": found the file path "${path}"`,
      );
    },
  );
});

describe("packages", () => {
  function packageAt(project: string, name: string, files: Record<string, string>, manifest: object = {}): void {
    const folder = join(project, "node_modules", name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name, version: "1.0.0", main: "index.js", ...manifest }),
    );
    for (const [path, text] of Object.entries(files)) writeFileSync(join(folder, path), text);
  }

  test("one that is not installed is named with its chain", async () => {
    using workshop = openWorkshop();
    const text = notebook("import { x } from 'not-installed-here';", "export const explain = () => x;");
    await expect(workshop.attempt(text)).rejects.toThrow(
      "found not-installed-here, not found, expected modules that can be bundled; needed by explain (cell 2) → x (cell 1) → not-installed-here",
    );
  });
  test("a package that tries one which is not there works as it does without", async () => {
    using project = temporaryFolder();
    using workshop = openWorkshop();
    packageAt(project.path, "tries", {
      "index.js": "let it; try { it = require('absent'); } catch { it = 'without'; } exports.it = it;",
    });
    packageAt(project.path, "insists", { "index.js": "exports.it = require('absent');" });
    const tries = notebook("import { it } from 'tries';", "export const explain = () => it;");
    expect((await workshop.load(tries, { packagesFolder: project.path }))()).toBe("without");
    await expect(
      workshop.attempt(tries.replace("'tries'", "'insists'"), { packagesFolder: project.path }),
    ).rejects.toThrow(
      "found absent, not found, expected modules that can be bundled; needed by explain (cell 2) → it (cell 1) → insists → absent",
    );
  });
  test("a native package is known by its loader although no .node file shows", async () => {
    using project = temporaryFolder();
    using workshop = openWorkshop();
    packageAt(project.path, "outer", { "index.js": "exports.it = require('inner');" });
    packageAt(
      project.path,
      "inner",
      { "index.js": "exports.load = (name) => require(name);" },
      { dependencies: { "node-gyp-build": "4" } },
    );
    const text = notebook("import { it } from 'outer';", "const used = it;", "export const explain = () => used;");
    await expect(workshop.attempt(text, { packagesFolder: project.path })).rejects.toThrow(
      "found inner, a native module, expected modules that can be bundled; needed by explain (cell 3) → used (cell 2) → it (cell 1) → outer → inner",
    );
  });
  test("of several names from the library the one to blame is named", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { modelMetrics, readTable } from 'cellwright';",
      "export const explain = modelMetrics(() => readTable('a.b'), {});",
    );
    await expect(workshop.attempt(text)).rejects.toThrow(
      /needed by explain \(cell 2\) → readTable \(cell 1\) → cellwright → @duckdb\/node-api → /,
    );
  });
  test("a lazy import that the export can reach is no dead one", async () => {
    using workshop = openWorkshop();
    const text = notebook("export const explain = async () => (await import('libsql')).default;");
    await expect(workshop.attempt(text)).rejects.toThrow(
      /found libsql, a native module, .* needed by explain \(cell 1\) → libsql$/,
    );
  });
  test("`import * as` of the library is bundled by the names used, or refused", async () => {
    using workshop = openWorkshop();
    const byName = notebook(
      "import * as cw from 'cellwright';",
      "export const explain = cw.modelMetrics((x: object) => ({ ...x }), {});",
    );
    const { bundleBytes } = await workshop.build(byName);
    expect(bundleBytes).toBeLessThan(10_000);
    const whole = notebook(
      "import * as cw from 'cellwright';",
      "const n = 1;\nexport const explain = () => Object.keys(cw).length + n;",
    );
    await expect(workshop.attempt(whole)).rejects.toThrow(
      "found `cw` used as a whole in cell 2 (c2), line 2, expected `cw.someName`",
    );
    await expect(workshop.attempt(whole.replace("Object.keys(cw).length", "cw[String(n)]"))).rejects.toThrow(
      "used as a whole",
    );
  });
  test("a notebook's own `require` stays its own", async () => {
    using project = temporaryFolder();
    using workshop = openWorkshop();
    packageAt(project.path, "old", { "index.js": "exports.it = require('node:os').EOL;" });
    const text = notebook(
      "import { createRequire } from 'node:module';\nimport { it } from 'old';\nconst require = createRequire('file:///');",
      "export const explain = () => [it, typeof require('node:fs').readFileSync];",
    );
    expect((await workshop.load(text, { packagesFolder: project.path }))()).toEqual(["\n", "function"]);
  });
});

describe("exports", () => {
  test.each([
    ["a function", "export function explain(x: number) { return x; }"],
    ["an async function", "export async function explain(x: number) { return x; }"],
    ["a constant", "export const explain = (x: number) => x;"],
    ["a list", "function explain(x: number) { return x; }\nexport { explain };"],
    ["another name", "function other(x: number) { return x; }\nexport { other as explain };"],
    ["a pattern", "export const { explain } = { explain: (x: number) => x };"],
    ["a class's method", "class M { run = (x: number) => x; }\nexport const explain = new M().run;"],
  ])("%s", async (_what, source) => {
    using workshop = openWorkshop();
    expect(await (await workshop.load(notebook(source)))(7)).toBe(7);
  });
  test.each([
    ["a named function", "export default function named(x: number) { return x; }"],
    ["a function without a name", "export default function (x: number) { return x; }"],
    ["an arrow", "export default (x: number) => x"],
    ["a name", "const f = (x: number) => x;\nexport default f;"],
  ])("by default: %s", async (_what, source) => {
    using workshop = openWorkshop();
    expect((await workshop.load(notebook(source), { functionName: "default" }))(7)).toBe(7);
  });
  test("one that is passed on from a module", async () => {
    using workshop = openWorkshop();
    const inputs = [workshop.input("module", "./m.ts", { "m.ts": "export const run = (x: number) => x;" })];
    expect((await workshop.load(notebook("export { run as explain } from './m.ts';"), { inputs }))(7)).toBe(7);
  });
  test("one that is no function fails the trial run", async () => {
    using workshop = openWorkshop();
    await expect(workshop.attempt(notebook("export const explain = 1;"))).rejects.toThrow(
      "found number, expected a function",
    );
  });
});

describe("the trial run", () => {
  test("ends for a cell that does not end", async () => {
    using workshop = openWorkshop();
    const { checkBuild } = await import("../../../server/builds/check-build.ts");
    const { root, cleanEnvironment } = await import("../../support/cli.ts");
    const check = (folder: string): Promise<CheckResult> =>
      checkBuild(folder, {
        replicaEntry: join(root, "dist/server/deployments/replica.js"),
        env: cleanEnvironment(),
        timeoutMs: 1500,
      });
    await expect(
      workshop.attempt(notebook("while (true) {}\nexport const explain = () => 1;"), { check }),
    ).rejects.toThrow("a needed cell throws: the cells did not end within 1.5 s");
    await expect(
      workshop.attempt(notebook("process.exit(3);\nexport const explain = () => 1;"), { check }),
    ).rejects.toThrow("exit code 3");
  });
  test("hears what cells print without taking it for its answer", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "console.log('{\"ok\":false}');\nprocess.stdout.write('hi');",
      "export const explain = () => 1;",
    );
    expect((await workshop.load(text))()).toBe(1);
    const printed = notebook("const a = (console.log('printed'), 1);", "export const explain = () => a;");
    expect((await workshop.build(printed)).description).toEqual({});
  });
});

test("a folder that is no build is not taken for one", async () => {
  using workshop = openWorkshop();
  const { folder } = await workshop.build(simple);
  chmodSync(join(folder, "build.json"), 0o644);
  rmSync(join(folder, "build.json"));
  await expect(workshop.attempt(simple)).rejects.toThrow(/ENOTEMPTY|EEXIST/);
});
