// The language of cells, run by the real kernel: what may be declared again, imported, awaited, and where errors point.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ofType, RawKernel } from "../../support/raw-kernel.ts";

const project = mkdtempSync(join(tmpdir(), "cells-"));
const folder = join(project, "notebooks");
let kernel: RawKernel;
beforeAll(async () => {
  mkdirSync(folder);
  kernel = await RawKernel.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(project, { recursive: true, force: true });
});

const write = (path: string, text: string) => {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
};

async function traceback(code: string): Promise<string> {
  const { iopub } = await kernel.execute(code);
  return (ofType(iopub, "error")[0]!["traceback"] as string[]).join("\n").replace(/cell \[\d+\]/g, "cell [n]");
}

describe("declaring", () => {
  const kinds = {
    let: "let again = 'let'",
    const: "const again = 'const'",
    var: "var again = 'var'",
    function: "function again() {}",
    class: "class again {}",
    enum: "enum again { A }",
    import: "import { join as again } from 'node:path'",
    destructuring: "const { again } = { again: 1 }",
  };
  for (const [first, code] of Object.entries(kinds))
    for (const [second, next] of Object.entries(kinds))
      test(`${first}, then ${second}`, async () => {
        await kernel.execute(code);
        const expected = await kernel.value(
          `${next.replaceAll("again", `fresh${first}${second}`)}; fresh${first}${second}`,
        );
        const found = await kernel.value(`${next}; again`);
        expect(found?.replaceAll("again", "name")).toBe(expected?.replaceAll(`fresh${first}${second}`, "name"));
      });

  test("functions see what a later cell declared anew", async () => {
    await kernel.execute("let rate = 1; function scaled(x: number) { return x * rate; }");
    expect(await kernel.value("let rate = 10; scaled(2)")).toBe("20");
    expect(
      await kernel.value("function helper() { return 'new' }\nfunction caller() { return helper() }\ncaller()"),
    ).toBe("'new'");
  });

  test("an enum is replaced, not merged; two in one cell merge", async () => {
    await kernel.execute("enum Level { Low, High }");
    expect(await kernel.value("enum Level { Only = 5 }\nLevel")).toBe("{ '5': 'Only', Only: 5 }");
    expect(await kernel.value("enum Both { A }\nenum Both { B = 1 }\nObject.keys(Both).length")).toBe("4");
  });

  test("a constant is not assigned to, in its cell or later", async () => {
    expect(await kernel.value("const fixed = 1; fixed = 2")).toBe("TypeError: Assignment to constant variable.");
    expect(await kernel.value("fixed++")).toBe("TypeError: Assignment to constant variable.");
    expect(await kernel.value("const f = (fixed) => { fixed = 3; return fixed }; f(0) + fixed")).toBe("4");
    expect(await kernel.value("let fixed = 5; fixed += 1; fixed")).toBe("6");
  });

  test("a declaration that failed can be made again", async () => {
    expect(await kernel.value("const torn = missing()")).toContain("ReferenceError");
    expect(await kernel.value("const torn = 'whole'; torn")).toBe("'whole'");
  });

  test("TypeScript of all kinds runs", async () => {
    expect(
      await kernel.value(`abstract class Shape<T> { constructor(protected readonly side: T, public name?: string) {} abstract area(): number }
        class Square extends Shape<number> { #secret = 2; static made = 0; override area(): number { return this.side ** this.#secret } }
        namespace Units { export const metre = 1; }
        interface Has { area(): number }
        function total(shapes: Has[]): number;
        function total(shapes: readonly Has[], ...rest: unknown[]): number { return shapes.reduce((sum, s) => sum + s!.area(), 0) }
        const shapes = [new Square(2), new Square(3)] satisfies Has[];
        total(<Has[]>shapes) * Units.metre as number`),
    ).toBe("13");
    expect(await kernel.value("{ a: 1, b: [2] }")).toBe("{ a: 1, b: [ 2 ] }");
    expect(
      await kernel.value(
        "export const shared = 1; export function f2() { return shared }\nexport { shared as other };\nf2()",
      ),
    ).toBe("1");
    expect(await kernel.value("export default class Named {}\nnew Named()")).toBe("Named {}");
    expect(
      await kernel.value("for (var i = 0, n = 0; i < 3; i++) { var { length } = 'abc'; n += length }\n[i, n, length]"),
    ).toBe("[ 3, 9, 3 ]");
  });

  test("using disposes at the end of its block and of its cell, before the result", async () => {
    const code = `const log: string[] = [];
      const resource = (name: string) => ({ [Symbol.dispose ?? Symbol.for("nodejs.dispose")]() { log.push(name) } });
      { using a = resource("a"); using b = resource("b"); log.push("block") }
      using top = resource("top");
      log.push("end");`;
    await kernel.execute(code);
    expect(await kernel.value("log")).toBe("[ 'block', 'b', 'a', 'end', 'top' ]");
  });
});

describe("awaiting", () => {
  test("works at the top, in loops, and for await", async () => {
    expect(await kernel.value("const later = await new Promise<number>((r) => setTimeout(() => r(5), 5)); later")).toBe(
      "5",
    );
    await kernel.execute("const seen: number[] = []; async function* three() { yield 1; yield 2; yield 3 }");
    await kernel.execute("for await (const x of three()) { if (x === 3) break; seen.push(x) }");
    await kernel.execute("if (true) for await (const x of [Promise.resolve(7)]) seen.push(await x)");
    expect(await kernel.value("seen")).toBe("[ 1, 2, 7 ]");
  });

  test("a promise not awaited is shown as one", async () => {
    expect(await kernel.value("Promise.resolve(1)")).toBe("Promise { 1 }");
  });
});

describe("importing", () => {
  test("builtins, packages, namespaces, defaults, side effects, and dynamically", async () => {
    expect(
      await kernel.value(
        'import { join } from "node:path"; import os, * as all from "os"; [join("a", "b"), os === all.default]',
      ),
    ).toBe("[ 'a/b', true ]");
    expect(await kernel.value('import "node:fs"; (await import("node:path")).sep')).toBe("'/'");
    expect(await kernel.value('const { sep } = require("node:path"); sep')).toBe("'/'");
    write("node_modules/local-package/package.json", '{ "name": "local-package", "exports": "./index.mjs" }');
    write("node_modules/local-package/index.mjs", "export const here = 'a package'; export default 1;");
    expect(await kernel.value('import one, { here } from "local-package"; [one, here]')).toBe("[ 1, 'a package' ]");
  });

  test("cellwright comes from the kernel's own package where the notebook has none, else from there", async () => {
    expect(await kernel.value('import { readCsv } from "cellwright"; typeof readCsv')).toBe("'function'");
    expect(await kernel.value('typeof require("cellwright").readCsv')).toBe("'function'");
    mkdirSync(join(folder, "own/node_modules/cellwright"), { recursive: true });
    write("own/node_modules/cellwright/index.js", "exports.mine = true;");
    const other = await RawKernel.start({ cwd: join(folder, "own") });
    expect(await other.value('import { mine } from "cellwright"; mine')).toBe("true");
    await other.stop();
  });

  test("types go, also without the word; a missing value is told by name", async () => {
    write("shapes.ts", "export interface Shape { side: number }\nexport const unit: Shape = { side: 1 };\n");
    expect(
      await kernel.value(
        'import { Shape, unit } from "./shapes"; import type { Gone } from "./nowhere"; const s: Shape = unit; s',
      ),
    ).toBe("{ side: 1 }");
    expect(await traceback('1;\nimport { unit, none } from "./shapes";\nnone')).toBe(
      [
        'SyntaxError: Cannot import none from "./shapes": found unit',
        "    at async cell [n]:2:1",
        "",
        "  1 | 1;",
        '> 2 | import { unit, none } from "./shapes";',
        "    | ^",
        "  3 | none",
      ].join("\n"),
    );
    expect(await traceback('import x from "no-such-package"')).toMatch(/at (async )?cell \[n\]:1:1/);
    expect(await kernel.value('import "./no-such-file"')).toContain("Cannot find module './no-such-file'");
  });

  test("local .ts files, with and without extension, beside and above, and their importers anew when edited", async () => {
    write("../lib/base.ts", "export const base: number = 1;\nexport let loads = 0;\n");
    write("../lib/index.ts", 'export * from "./base.js";\n');
    write(
      "middle.ts",
      'import { base } from "../lib/base";\nimport { sep } from "node:path";\nexport const twice = (): number => base * 2;\nexport { sep };\n',
    );
    write("settings.json", '{ "depth": 3 }');
    expect(
      await kernel.value(
        'import { twice, sep } from "./middle"; import { base } from "../lib/base.ts"; [twice(), base, sep]',
      ),
    ).toBe("[ 2, 1, '/' ]");
    expect(await kernel.value('import * as lib from "../lib"; lib.base')).toBe("1");
    expect(await kernel.value('(await import("./middle.ts")).twice()')).toBe("2");
    expect(await kernel.value('import settings from "./settings.json"; settings.depth')).toBe("3");
    write("../lib/base.ts", "export const base: number = 50;\n");
    write("settings.json", '{ "depth": 44 }');
    expect(await kernel.value('import { twice } from "./middle"; twice()')).toBe("100");
    expect(await kernel.value('import settings from "./settings.json"; settings.depth')).toBe("44");
  });

  test("an unchanged file keeps its state; cycles and dynamic imports inside files work", async () => {
    write("counter.ts", "let count = 0;\nexport const next = (): number => ++count;\n");
    expect(await kernel.value('import { next } from "./counter"; next(); next()')).toBe("2");
    expect(await kernel.value('import { next } from "./counter"; next()')).toBe("3");
    write(
      "even.ts",
      'import { odd } from "./odd";\nexport const even = (n: number): boolean => n === 0 || odd(n - 1);\n',
    );
    write(
      "odd.ts",
      'import { even } from "./even";\nexport const odd = (n: number): boolean => n !== 0 && even(n - 1);\nexport const path = async () => (await import("./counter")).next();\nexport const url = import.meta.url;\n',
    );
    expect(await kernel.value('import { even } from "./even"; even(10)')).toBe("true");
    expect(await kernel.value('import { path, url } from "./odd"; [await path(), url.endsWith("/odd.ts")]')).toBe(
      "[ 4, true ]",
    );
  });

  test("a file that fails can be mended", async () => {
    write("broken.ts", "export const x = ;\n");
    expect(await kernel.value('import { x } from "./broken"')).toBe("SyntaxError: Unexpected token (./broken.ts:1:18)");
    write("broken.ts", "throw new Error('at load');\nexport const x = 1;\n");
    expect(await kernel.value('import { x } from "./broken"')).toBe("Error: at load");
    expect(await kernel.value('import { x } from "./broken"')).toBe("Error: at load");
    write("broken.ts", "export const x = 'mended';\n");
    expect(await kernel.value('import { x } from "./broken"; x')).toBe("'mended'");
  });

  test("import.meta and __dirname speak of the notebook's folder", async () => {
    expect(await kernel.value("[import.meta.dirname === __dirname, __dirname === process.cwd()]")).toBe(
      "[ true, true ]",
    );
  });
});

describe("errors", () => {
  test("a syntax error points to line and column of the TypeScript", async () => {
    expect(await traceback('interface Typed { a: string }\nconst é = "😀"; const x: number = ;')).toBe(
      [
        "SyntaxError: Unexpected token",
        "    at cell [n]:2:35",
        "",
        "  1 | interface Typed { a: string }",
        '> 2 | const é = "😀"; const x: number = ;',
        "    |                                   ^",
      ].join("\n"),
    );
  });

  test("the traceback names each cell with line and column, and none of the kernel's frames", async () => {
    await kernel.execute(
      "interface A {}\n\nfunction fails(value: unknown): never {\n  throw new TypeError(`bad ${value}`);\n}",
    );
    expect(await traceback("type B = string;\nconst call = () => fails(1 as number);\n\n  call();")).toBe(
      [
        "TypeError: bad 1",
        "    at fails (cell [n]:4:9)",
        "    at call (cell [n]:2:20)",
        "    at cell [n]:4:3",
        "",
        "  2 | ",
        "  3 | function fails(value: unknown): never {",
        "> 4 |   throw new TypeError(`bad ${value}`);",
        "    |         ^",
        "  5 | }",
      ].join("\n"),
    );
    expect(await traceback("await 1;\nawait (async () => { await 1; fails(2) })();")).toContain(
      "at async cell [n]:2:1",
    );
  });

  test("and files", async () => {
    write("deep.ts", "export type T = number;\n\nexport function deep(): never {\n  throw new Error('deep');\n}\n");
    const text = await traceback('import { deep } from "./deep";\ndeep();');
    expect(text).toContain("at deep (./deep.ts:4:9)\n    at cell [n]:2:1\n");
    expect(text).toContain("> 4 |   throw new Error('deep');");
  });

  test("causes are told; what is thrown need not be an error", async () => {
    expect(await traceback("throw new Error('outer', { cause: new Error('inner') })")).toContain(
      "[cause]: Error: inner",
    );
    expect(await traceback("\nthrow 'text'")).toMatch(
      /^Uncaught 'text'\n {4}at cell \[n\]:2:(1|7)\n\n {2}1 \| \n> 2 \| throw 'text'/,
    );
    expect(await kernel.value("throw { code: 5 }")).toBe("Uncaught: { code: 5 }");
    expect(await kernel.value("throw undefined")).toBe("Uncaught: undefined");
    expect(await kernel.value("throw 10n")).toBe("Uncaught: 10n");
    expect(
      await kernel.value("Promise.reject(new RangeError('far')); await Promise.reject(new RangeError('near'))"),
    ).toContain("RangeError: ");
  });

  test("error.stack and console.error speak of cells too", async () => {
    expect(await kernel.value("type X = 1;\nnew Error('made').stack.split('\\n')[1]")).toMatch(/at cell \[\d+\]:2:1/);
  });
});
