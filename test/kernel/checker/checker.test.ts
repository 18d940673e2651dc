// The type checker beside real folders: cells in the order they run, one checker a test file.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { type Checker, createChecker } from "../../../kernel/checker/checker.ts";

const folder = mkdtempSync(join(tmpdir(), "cellwright-checker-"));
const checker = createChecker(folder);
afterEach(() => checker.clear());
afterAll(() => {
  checker.close();
  rmSync(folder, { recursive: true });
});

/** Checks a cell and, if it is right, runs it as far as the checker can tell. */
async function cell(code: string, by: Checker = checker): Promise<string[]> {
  const { diagnostics, accept } = await by.check(code);
  if (diagnostics.length === 0) accept();
  return diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message.split("\n")[0]}`);
}

/** All cells but the last are right. */
async function lastOf(...codes: string[]): Promise<string[]> {
  for (const code of codes.slice(0, -1)) expect(await cell(code), code).toEqual([]);
  return await cell(codes.at(-1)!);
}

describe("a cell", () => {
  test("that is right says nothing", async () => {
    expect(await cell("const x: number = 1; x + 1")).toEqual([]);
  });

  test("that is wrong tells line, column, number and reason", async () => {
    expect(await cell("const a = 1;\nconst b: string = a;")).toEqual([
      "2:7 TS2322 Type 'number' is not assignable to type 'string'.",
    ]);
  });

  test("has its places counted in UTF-16 units, also behind wide characters", async () => {
    expect(await cell('const é = "😀"; const b: number = é;')).toEqual([
      "1:23 TS2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test("that does not parse is left to the evaluator", async () => {
    expect(await cell("const = 1")).toEqual([]);
  });

  test("that is an object is one, with its places kept", async () => {
    expect(await lastOf("const n = 1", "{ a: n, b: n.foo }")).toEqual([
      "1:14 TS2339 Property 'foo' does not exist on type '1'.",
    ]);
  });

  test("may await at its top, export, and end in a comment", async () => {
    expect(
      await lastOf(
        "export const later = await Promise.resolve(1); for await (const x of [1]) x.toFixed() // end",
        "later.toFixed(); export default later // end",
      ),
    ).toEqual([]);
  });

  test("has what the kernel gives: prompt, require, tslab", async () => {
    expect(
      await cell(
        'import * as tslab from "tslab"; tslab.display.html(prompt("?")); require("node:fs"); __dirname.length',
      ),
    ).toEqual([]);
  });
});

describe("a name of an earlier cell", () => {
  test("keeps its type", async () => {
    expect(await lastOf("const rows = [{ a: 1 }]", "rows[0].b")).toEqual([
      "1:9 TS2339 Property 'b' does not exist on type '{ a: number; }'.",
    ]);
  });

  test("may be assigned to where it is a let, by its type", async () => {
    expect(await lastOf("let n = 1", "n = 2; n++; [n] = [3]; ({ n } = { n: 4 })")).toEqual([]);
    expect(await lastOf("let n = 1", 'n = "two"')).toEqual([
      "1:1 TS2322 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  test("may not be assigned to where it is a const", async () => {
    expect((await lastOf("const n = 1", "n = 2"))[0]).toMatch(/^1:1 TS2632 /);
  });

  test("may be a class, an enum, a namespace, a type, an import, a binding inside a pattern", async () => {
    expect(
      await lastOf(
        'import { join } from "node:path"; class A { #x = 1; y = 2 } enum E { one } namespace N { export const z = 1 }\n' +
          "interface I { a: A } type T = I[]; const { p: { q: [r] } } = { p: { q: [1] } };",
        "const t: T = [{ a: new A() }]; join(String(E.one), String(N.z + r)); let e: E = E.one",
      ),
    ).toEqual([]);
  });

  test("declared again has its new type only, for functions of earlier cells too", async () => {
    expect(
      await lastOf(
        "let x = 1; enum E { a } interface I { a: 1 }",
        "function f() { return x }",
        'let x = "now a text"; enum E { b } interface I { b: 1 }',
        "const s: string = f(); const e = E.b; const i: I = { b: 1 }",
      ),
    ).toEqual([]);
    expect((await cell("E.a"))[0]).toMatch(/TS2339/);
  });

  test("declared again by means of itself is no circle", async () => {
    expect(await lastOf("let n = 1", "function next() { return n + 1 }", "let n = next()", "n.toFixed()")).toEqual([]);
  });

  test("is unknown where its cell was refused", async () => {
    expect((await cell("const u: string = 1"))[0]).toMatch(/TS2322/);
    expect((await cell("u"))[0]).toMatch(/TS2304 Cannot find name 'u'/);
  });
});

describe("the project around", () => {
  test("is read as it is now: files made, changed and removed between cells, with and without extension", async () => {
    const use = 'import { value } from "./local"; value.toFixed()';
    expect((await cell(use))[0]).toMatch(/TS2307/);
    writeFileSync(join(folder, "local.ts"), 'export { value } from "./deep.ts"');
    writeFileSync(join(folder, "deep.ts"), "export const value = 1");
    expect(await cell(use)).toEqual([]);
    writeFileSync(join(folder, "deep.ts"), 'export const value = "text"');
    expect((await cell(use))[0]).toMatch(/TS2551|TS2339/);
    rmSync(join(folder, "local.ts"));
    expect((await cell(use))[0]).toMatch(/TS2307/);
  });

  test("has its tsconfig.json respected, and paths of it", async () => {
    const project = join(folder, "project");
    mkdirSync(join(project, "notebooks"), { recursive: true });
    mkdirSync(join(project, "lib"));
    writeFileSync(join(project, "lib/a.ts"), "export const a = 1");
    writeFileSync(
      join(project, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { strict: false, noUnusedLocals: true, paths: { "@lib/*": ["./lib/*"] } } }),
    );
    const other = createChecker(join(project, "notebooks"));
    try {
      expect(
        await cell('import { a } from "@lib/a"; let n: number = null; function f(x) { return x + a }', other),
      ).toEqual([]);
      expect(await cell('import { a as b } from "../lib/a"; b.foo', other)).toEqual([
        "1:38 TS2339 Property 'foo' does not exist on type '1'.",
      ]);
    } finally {
      other.close();
    }
  });
});

describe("while typing", () => {
  test("members and names come with their kinds, from earlier cells too", async () => {
    await cell("const rows = [{ alpha: 1, beta() {} }]; class Alps {}");
    const members = await checker.complete("rows[0].", 8);
    expect(members).toEqual([
      { name: "alpha", kind: "field" },
      { name: "beta", kind: "method" },
    ]);
    const names = await checker.complete("const al = A", 12);
    expect(names).toContainEqual({ name: "Alps", kind: "class" });
    expect(names).toContainEqual({ name: "al", kind: "constant" });
  });

  test("a type of TypeScript's own library is a name in scope", async () => {
    const names = (await checker.complete("let all: Rec", 12)).map(({ name }) => name);
    expect(names).toContain("Record");
    expect(names).toContain("PromiseLike");
    expect(names).not.toContain("Promise"); // a value too: the cells' process knows it
  });

  test("an object's keys are those that its type still wants, before the names in scope", async () => {
    await cell("interface Options { alpha: number; beta?: string } declare function configure(options: Options): void");
    const code = "configure({ alpha: 1, ";
    const found = await checker.complete(`${code} })`, code.length);
    expect(found[0]).toEqual({ name: "beta", kind: "field" });
    expect(found).toContainEqual({ name: "configure", kind: "function" });
    expect(await checker.complete("if (true) { conf", 16)).toContainEqual({ name: "configure", kind: "function" });
  });

  test("a name tells its declaration and its comment", async () => {
    await cell(
      "/** Adds one. */ function plus(n: number, f?: (x: string) => void): number { return n + 1 }\nconst k = 3",
    );
    expect(await checker.describe("plus(k)", 2)).toEqual({
      signature: "function plus(n: number, f?: ((x: string) => void) | undefined): number",
      documentation: "Adds one.",
    });
    expect((await checker.describe("plus(k)", 5))?.signature).toBe("const k: 3");
    expect((await checker.describe("[1].map", 5))?.signature).toMatch(/^\(method\) map<U>\(/);
    expect(await checker.describe("  ", 1)).toBeUndefined();
  });
});
