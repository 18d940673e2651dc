import { describe, expect, test } from "vitest";
import { rewrite } from "../../../kernel/evaluator/rewrite.ts";
import { transpile } from "../../../kernel/evaluator/transpile.ts";

/** The script of a cell, the runtime's name shortened. */
function scriptOf(code: string, constants: string[] = []): string {
  const { script } = rewrite(transpile(code).js, { runId: 1, constants: new Set(constants) });
  return script
    .replaceAll("__cellwright__", "$")
    .replace(/^"use strict"; /, "")
    .trim();
}

describe("rewrite", () => {
  test.each([
    ["the last expression is shown", "a; b", "a;\n$.show(1, (b));"],
    ["a trailing declaration is not", "b; let a = 1", "b;\nlet a = 1;"],
    ["a comma stays one value", "a, b", "$.show(1, (a, b));"],
    ["a text alone is a value, no directive", '"use asm"', '$.show(1, ("use asm"));'],
    ["const becomes let", "const { a, b: [c] } = d", "let { a, b: [c] } = d;"],
    ["const inside stays", "for (const a of b) { const c = 1 }", "for (const a of b) {\n\tconst c = 1;\n}"],
    ["functions are hoisted as let", "f(1);\nfunction f(a: number) {}", "let f = function (a) {}; f(1);"],
    ["async generators too", "export async function* g() {}", "let g = async function* () {};"],
    ["var is a let in front", "if (a) var b = 1, { c } = d; var e", "let b, c, e; if (a) (b = 1, { c } = d);\n(e);"],
    ["var in the head of a loop", "for (var i = 0; i < 2; i++);", "let i; for (i = 0; i < 2; i++);"],
    ["var of a function is the function's", "let f = () => { var a = 1 }", "let f = () => {\n\tvar a = 1;\n};"],
    [
      "exports go",
      "export const a = 1; export { a as b }; export default a + 1",
      "let a = 1;\n;\n($.show(1, (a + 1)));",
    ],
    ["awaits can be interrupted", "await a(await b)", "$.show(1, (await $.wait(a(await $.wait(b)))));"],
    ["so can for await", "for await (const a of b()) ;", "for await (const a of $.each(b()));"],
    [
      "import() and import.meta are the runtime's",
      "import(a); import.meta.url",
      "$.import(a);\n$.show(1, ($.meta.url));",
    ],
    ["types leave nothing", "interface A {}\ntype B = A; declare const c: B;", ""],
  ])("%s", (_, code, expected) => {
    expect(scriptOf(code)).toBe(expected);
  });

  test("imports come first, with what is used as a value", () => {
    expect(scriptOf('a();\nimport d, { a, type T, b as c } from "m";\nimport * as n from "n";\nimport "s";')).toBe(
      'let [d, a, c] = await $.imports("m", [["default",false],["a",true],["b",false]]); let [n] = await $.imports("n", [["*",false]]); await $.imports("s", []); a();',
    );
  });

  test("a name that is only a key or a member is not used as a value", () => {
    expect(scriptOf('import { a, b, c, d } from "m"; x.a; ({ b: 1, c }); x[d];')).toContain(
      '[["a",false],["b",false],["c",true],["d",true]]',
    );
  });

  test("assignments to constants throw, where the name means the constant", () => {
    expect(scriptOf("const a = 1; a = 2;")).toContain('($.constant("a"), a = 2)');
    expect(scriptOf("old++; [old] = [1];", ["old"])).toContain('($.constant("old"), old++);\n');
    expect(scriptOf("function f(old) { old = 1 }", ["old"])).not.toContain("constant");
    expect(scriptOf("{ let old; old = 1 }", ["old"])).not.toContain("constant");
    expect(scriptOf("let old = 1; old = 2;", ["old"])).not.toContain("constant");
  });

  test("using becomes a block that disposes", () => {
    expect(scriptOf("{ using a = b; await using c = d; e }")).toBe(
      "{ const $used0 = $.disposals(); try {\n\tconst a = $used0.use(b, false);\n\tconst c = $used0.use(d, true);\n\te;\n} catch ($error) { $used0.fail($error); } finally { await $used0.disposeAsync(); } }",
    );
    expect(scriptOf("using a = b;")).toBe("let a = $.use(1, b, false);");
  });

  test("says which names it declares", () => {
    const { declared } = rewrite(
      transpile("const a = 1; let b; var c; function d() {} class e {} enum f {} import g from 'g'").js,
      { runId: 1 },
    );
    expect(Object.fromEntries(declared)).toEqual({
      a: "const",
      b: "let",
      c: "let",
      d: "let",
      e: "let",
      f: "let",
      g: "const",
    });
  });

  test("every character of the script knows where it came from", () => {
    const js = transpile("const a = await b;\nasync function f() { return await c }\na + f();").js;
    const { script, toSource } = rewrite(js, { runId: 1 });
    for (const word of ["b)", "return", "a + f"]) {
      const text = word.replace(")", "");
      expect(js.slice(toSource(script.indexOf(word))).startsWith(text)).toBe(true);
    }
  });
});
