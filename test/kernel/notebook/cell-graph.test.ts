import { describe, expect, test } from "vitest";
import { type CellNode, cellGraph } from "../../../kernel/notebook/cell-graph.ts";

function graphOf(...sources: readonly string[]): CellNode[] {
  return cellGraph(sources.map((source, index) => ({ id: `c${index + 1}`, position: index + 1, source, tags: [] })));
}

/** One question about each cell. */
function each<K extends "declares" | "uses" | "changes" | "exports">(
  what: K,
  ...sources: readonly string[]
): CellNode[K][] {
  return graphOf(...sources).map((node) => node[what]);
}

describe("cellGraph", () => {
  test("a whole cell", () => {
    const sources = [
      "const rows = [1];",
      "import { sum } from './sum.ts';\nrows.push(2);\nexport function total() { return sum(rows); }",
    ];
    expect(graphOf(...sources)[1]).toEqual({
      id: "c2",
      position: 2,
      declares: ["sum", "total"],
      uses: ["rows"],
      changes: ["rows"],
      exports: ["total"],
      tags: [],
    });
  });

  test.each([
    ["variables", "const a = 1; let b; var c;", ["a", "b", "c"]],
    ["patterns", "const { a, b: { c = 1 }, ...d } = x, [e, , ...f] = y;", ["a", "c", "d", "e", "f"]],
    ["a nested var", "for (var a of []) { var b = 1; } if (0) var c;", ["a", "b", "c"]],
    ["functions and classes", "function a() { var x; } class B {} async function* c() {}", ["a", "B", "c"]],
    ["enums and namespaces", "enum E { A } const enum F { B } namespace N { export const x = 1; }", ["E", "F", "N"]],
    [
      "imports",
      "import a, { b as c } from 'm'; import * as d from 'm'; import e = require('m');",
      ["a", "c", "d", "e"],
    ],
    ["exports", "export const a = 1; export default function b() {}", ["a", "b"]],
    ["nothing inside blocks", "{ let a; const b = 1; function c() {} class D {} }", []],
    [
      "nothing of types",
      "interface I {} type T = 1; declare const a: 1; import type B from 'm'; import { type C } from 'm'; declare global { var g: 1 }",
      [],
    ],
    ["nothing of an overload's signature twice", "function a(x: 1): void; function a(x: any) {}", ["a"]],
  ])("declares %s", (_what, source, names) => {
    expect(each("declares", source)).toEqual([names]);
  });

  test("uses what other cells declare, in functions too, and nothing of its own", () => {
    expect(
      each("uses", "const a = 1, b = 2, c = 3;", "const f = () => a; const own = f(); console.log(own, b as number);"),
    ).toEqual([[], ["a", "b"]]);
  });
  test("uses nothing by types, keys, strings or names of its own blocks", () => {
    const source = "let x: typeof a = { a: 'a' }.a; { const a = 1; a; } ((a) => a)(1); a: for (;;) break a;";
    expect(each("uses", "const a = 1;", source)[1]).toEqual([]);
  });
  test("changes by assignment, write, method and alias, also through a function", () => {
    const sources = [
      "let n = 1; const list = [1]; const o = { list };",
      "n++;",
      "list.push(1);",
      "o.list[0] = 2;",
      "const f = () => { n = 3; };",
      "f();",
    ];
    expect(each("changes", ...sources)).toEqual([[], ["n"], ["list", "o"], ["list", "o"], [], ["n"]]);
  });
  test("a cell that does not parse tells where and what it seems to declare", () => {
    const [, broken] = graphOf("const list = [1];", "\nconst { a, b: c } = ;\nlist.push(2");
    expect(broken).toMatchObject({ declares: ["a", "c"], changes: ["list"], problem: "line 2: Unexpected token" });
  });
  test("lines count as people count them, whatever letters stand before", () => {
    expect(graphOf("const é = '😀😀😀😀';\nconst = 1;\na\nb\nc\nd\ne\nf\ng\nh")[0]!.problem).toMatch(/^line 2: /);
  });
  test("lines with `%` are no code", () => {
    expect(each("declares", "%load x\nconst a = 1;\n%%time")).toEqual([["a"]]);
  });
  test("a large notebook is read in a moment", { timeout: 180_000 }, () => {
    const sources = Array.from(
      { length: 300 },
      (_, i) =>
        `const v${i} = [${i}];\nfunction f${i}(x) { v${i}.push(x); return ${i > 0 ? `f${i - 1}(x)` : "x"}; }\nf${i}(${i});`,
    );
    const graph = graphOf(...sources);
    expect(graph[299]!.changes).toContain("v0");
  });
});
