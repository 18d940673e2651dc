// "What a build keeps", sentence by sentence. Long, for it is a list of cases.
import { describe, expect, test } from "vitest";
import { BuildError } from "../../../server/builds/build-error.ts";
import { neededCells } from "../../../server/builds/needed-cells.ts";
import { type CellText, cells, importsAlone, kept, notebook, openWorkshop } from "./notebooks.ts";

const never = 'throw new Error("not needed");';

/** The message of the build that must not be. */
function refusal(...texts: readonly CellText[]): string {
  try {
    neededCells(cells(...texts), "explain");
  } catch (error) {
    expect(error).toBeInstanceOf(BuildError);
    return (error as Error).message;
  }
  throw new Error("the notebook gives a build");
}

describe("cells are kept by declared and used names", () => {
  test("transitively", () => {
    expect(kept("const a = 1;", "const b = a + 1;", "const c = 5;", "export const explain = () => b;")).toEqual([
      1, 2, 4,
    ]);
  });
  test("a cell tagged `always` is kept, with what it needs", () => {
    expect(kept("const port = 1;", ["globalThis.port = port;", "always"], "export const explain = () => 1;")).toEqual([
      1, 2, 3,
    ]);
  });
  test("a cell tagged `never` is not, even if it changes what is needed", () => {
    const texts: CellText[] = ["const list = [1];", ["list.push(99);", "never"], "export const explain = () => list;"];
    expect(kept(...texts)).toEqual([1, 3]);
    const { why } = neededCells(cells(...texts), "explain").cells[1]!;
    expect(why).toBe("tagged `never`, though it changes `list`");
  });
  test("the build shows which cells went in, and why", () => {
    const texts = [
      "import { sum } from './sum.ts';",
      "const a = [1];",
      "a.push(2);",
      "sum(3);",
      "export const explain = () => sum(a);",
    ];
    expect(neededCells(cells(...texts), "explain").cells).toEqual([
      { cell: "c1", position: 1, kept: true, why: "imports `sum`, used by `explain` (its imports alone)" },
      { cell: "c2", position: 2, kept: true, why: "declares `a`, used by `explain`" },
      { cell: "c3", position: 3, kept: true, why: "changes `a`, used by `explain`" },
      { cell: "c4", position: 4, kept: false, why: "nothing `explain` needs" },
      { cell: "c5", position: 5, kept: true, why: "declares the export `explain`" },
    ]);
  });
});

describe("the meaning is the code cells run once from top to bottom in one shared scope", () => {
  test("the last definition of a name counts", async () => {
    using workshop = openWorkshop();
    const texts = [never, "const rate = 1;", "export const explain = () => rate;", "const rate = 2;"];
    expect(kept(...texts)).toEqual([3, 4]);
    const explain = await workshop.load(notebook("const rate = 1; " + never, ...texts.slice(2)));
    expect(explain()).toBe(2);
  });
  test("the last definition of the export counts", () => {
    expect(
      kept("const a = 1;", "export function explain() { return a; }", "export function explain() { return 2; }"),
    ).toEqual([3]);
    expect(kept("export function explain() { return 1; }", "function explain() { return 2; }")).toEqual([2]);
  });
  test("functions see the latest value of what they capture", async () => {
    using workshop = openWorkshop();
    const explain = await workshop.load(
      notebook(
        "let k: number = 1;",
        "function f(): number { return k; }\nconst early = f();",
        "let k = 5;\nfunction g() { return f() * 2; }",
        "k += 1;",
        "export const explain = () => [early, f(), g()];",
      ),
    );
    expect(explain()).toEqual([1, 6, 12]);
  });
  test("a cell that runs earlier sees the definition before it", async () => {
    using workshop = openWorkshop();
    const texts = ["let k = 1;", "const early = k;", "let k = 2;", "export const explain = () => early;"];
    expect(kept(...texts)).toEqual([1, 2, 4]);
    const both = ["let k = 1;", "const early = k;", "let k = k + 1;", "export const explain = () => [early, k];"];
    expect((await workshop.load(notebook(...both)))()).toEqual([1, 2]);
  });
  test("every kind of declaration may be declared again", async () => {
    using workshop = openWorkshop();
    const explain = await workshop.load(
      notebook(
        "import { join as path } from 'node:path';\nfunction f() { return 1; }\nexport class C { v() { return 'old'; } }\nenum E { A = 1, B = E.A + 1 }\nnamespace N { export const x = 1; }\nvar { q, w = 2 }: any = { q: 1 };",
        "const early = [path('a', 'b'), f(), new C().v(), E.B, N.x, q, w];",
        "import { basename as path } from 'node:path';\nfunction f() { return 10; }\nclass C { v() { return 'new'; } }\nenum E { A = 7 }\nnamespace N { export const x = 2; }\nfor (var q of [8, 9]) {}\nlet w: number;",
        "export const explain = () => [early, path('a/b'), f(), f.name, new C().v(), C.name, E.A, E[2], N.x, q, w];",
      ),
    );
    const early = ["a/b", 1, "old", 2, 1, 1, 2];
    expect(explain()).toEqual([early, "b", 10, "f", "new", "C", 7, undefined, 2, 9, undefined]);
  });
});

describe("needed is what the export uses, by scope analysis", () => {
  const unused = (body: string, ...before: string[]): number[] =>
    kept("const a = { a: 1 };", ...before, `export ${body}`);

  test.each([
    ["a parameter", "function explain(a) { return a; }"],
    ["a default of a parameter that is a parameter", "function explain(a, b = a) { return b; }"],
    ["a destructured parameter", "function explain({ x: [a], ...rest }) { return a + rest; }"],
    ["a block's variable", "function explain() { { const a = 1; return a; } }"],
    ["a hoisted var", "function explain() { if (true) { var a = 1; } return a; }"],
    ["a hoisted function", "function explain() { return a(); function a() { return 1; } }"],
    ["a class inside", "function explain() { class a {} return new a(); }"],
    ["a catch binding", "function explain() { try { return 1; } catch (a) { return a; } }"],
    ["a loop's variable", "function explain() { for (const a of [1]) return a; }"],
    [
      "a named function expression",
      "const explain = () => (function a(n: number): number { return n ? a(n - 1) : 0; })(3);",
    ],
    ["a named class expression", "const explain = () => new (class a { copy() { return a; } })().copy();"],
    ["a property key", "const explain = () => ({ a: 1 }).a;"],
    ["a method's name", "const explain = () => ({ a() { return 1; } })['a']();"],
    [
      "a class member's name",
      "const explain = () => new (class { a = 1; static a() {} get b() { return this.a; } })().b;",
    ],
    ["a destructured key", "function explain(x) { const { a: b } = x; return b; }"],
    ["a label", "function explain() { a: for (;;) break a; }"],
    ["a string", "const explain = () => 'a';"],
    ["a template's text", "const explain = () => `a`;"],
    ["a regular expression", "const explain = () => /a/;"],
    ["a comment", "const explain = () => 1; // a"],
    ["an enum's own member", "function explain() { enum E { a, b = a } return E.b; }"],
  ])("%s pulls nothing in", (_what, body) => {
    expect(unused(body)).toEqual([2]);
  });

  test.each([
    ["a shorthand property", "const explain = () => ({ a });"],
    ["a computed key", "const explain = () => ({ [a.a]: 1 });"],
    ["a template's expression", "const explain = () => `${a}`;"],
    ["a default inside a pattern", "function explain({ x = a }) { return x; }"],
    ["a class that it extends", "const explain = () => new (class extends (a as any) {})();"],
    ["a variable of the same name further out", "function explain() { { const b = 1; } return a; }"],
    ["an assertion's value", "const explain = () => (a as unknown as { b: 1 })!.b;"],
    ["a value that is asked to satisfy", "const explain = () => (a satisfies object);"],
    ["a generic call", "const explain = () => (<T,>(x: T) => x)<number>(a.a);"],
  ])("%s pulls the name in", (_what, body) => {
    expect(unused(body)).toEqual([1, 2]);
  });

  test.each([
    ["an annotation", "function explain(x: typeof a): typeof a | undefined { return undefined; }"],
    ["a generic argument", "const explain = () => new Map<string, typeof a>();"],
    ["an assertion's type", "const explain = () => ({}) as typeof a;"],
    ["a satisfied type", "const explain = () => ({ a: 1 }) satisfies typeof a;"],
    [
      "an interface and an alias inside",
      "function explain() { interface I { x: typeof a } type T = I | typeof a; return {} as T; }",
    ],
    ["a key type", "const explain = (key: keyof typeof a) => key;"],
  ])("%s pulls nothing in", (_what, body) => {
    expect(unused(body)).toEqual([2]);
  });

  test("a value used only as a type stays out, and so do types", () => {
    const texts = [
      never + " class Row { n = 1; }",
      "interface Shape { n: number }\n" + never,
      "import type { Thing } from './missing.ts'; " + never,
      "import { Other } from './missing.ts'; " + never,
      "export const explain = (x: Row & Shape & Thing & Other): Row => x;",
    ];
    expect(kept(...texts)).toEqual([5]);
    expect(importsAlone(...texts)).toEqual([]);
  });
  test("enums and namespaces are values", () => {
    expect(
      kept("enum E { A }", "namespace N { export const x = 1; }", "export const explain = () => [E.A, N.x];"),
    ).toEqual([1, 2, 3]);
  });
});

describe("what later cells do to a needed binding or object belongs to the model", () => {
  const later = (change: string, declared = "let o: any = { n: 1, list: [1] };"): number[] =>
    kept(declared, change, "export const explain = () => o;");

  test.each([
    ["assignment", "o = {};"],
    ["assignment with an operator", "o += 1;"],
    ["logical assignment", "o ??= {};"],
    ["counting", "o++;"],
    ["a destructuring assignment", "[o] = [1];"],
    ["a loop that assigns", "for (o of [1]) {}"],
    ["a write to a property", "o.n = 2;"],
    ["a write to a computed property", "o['n'] = 2;"],
    ["a write deep inside", "o.list[0] = 2;"],
    ["a write by pattern", "({ n: o.n } = { n: 3 });"],
    ["a property's operator", "o.n += 2;"],
    ["a property's counting", "o.n--;"],
    ["delete", "delete o.n;"],
    ["a method", "o.list.push(2);"],
    ["a method by computed name", "o.list['push'](2);"],
    ["an optional method", "o?.list?.push(2);"],
    ["Object.assign", "Object.assign(o, { n: 2 });"],
    ["Object.defineProperty", "Object.defineProperty(o, 'n', { value: 2 });"],
    ["Reflect.set", "Reflect.set(o, 'n', 2);"],
    ["Array.prototype.push.call", "Array.prototype.push.call(o.list, 2);"],
    ["an alias", "const y = o; y.n = 2;"],
    ["an alias of a part", "const { list } = o; list.push(2);"],
    ["an alias in a container", "const box = [{ o }]; box[0].o.n = 2;"],
    ["an alias in a loop", "for (const each of [o]) each.n = 2;"],
    ["an alias by a condition", "const y = Math.random() < 2 ? o : {}; y.n = 2;"],
    ["a function that is called", "function f() { o.n = 2; } f();"],
    ["a function that is given it", "const f = (x: any) => { x.n = 2; }; f(o);"],
    ["a function that gives it back", "const f = () => o; f().n = 2;"],
    ["a callback", "[1].forEach((x) => { o.n = x; });"],
    ["a callback's parameter", "[o].map((x) => (x.n = 2));"],
    ["an immediately called function", "(() => { o.n = 2; })();"],
    ["an async function", "await (async () => { o.n = 2; })();"],
    ["a generator", "function* g() { yield o; } for (const x of g()) x.n = 2;"],
    ["a class's method", "class W { constructor(private x: any) {} go() { this.x.n = 2; } } new W(o).go();"],
    ["a setter", "const w = { set n(v: number) { o.n = v; } }; w.n = 3;"],
    ["a getter", "const w = { get n() { return o.n++; } }; w.n;"],
    ["a tagged template", "function tag(_: any, x: any) { x.n = 2; } tag`${o}`;"],
    ["bind and call", "function f(this: any) { this.n = 2; } f.call(o); "],
    ["a timer", "setTimeout(() => { o.n = 2; });"],
    ["a function from elsewhere that is given it", "import { warm } from './warm.ts';\nwarm(o);"],
    ["inside a block", "if (o) { o.n = 2; }"],
  ])("%s", (_what, change) => {
    expect(later(change)).toEqual([1, 2, 3]);
  });

  test.each([
    ["reading it", "o.n; const size = o.list.length + 1; const { n } = o;"],
    ["logging it", "console.log(o, o.n, `${o}`);"],
    ["showing it", "import { display, table } from 'cellwright';\ndisplay(table([o]));"],
    ["writing it as JSON", "JSON.stringify(o); Object.keys(o); String(o.n);"],
    ["methods of a list that only read", "const big = o.list.map((x: number) => x + 1).filter(Boolean).join();"],
    [
      "a copy that is changed",
      "const copy = { ...o }; copy.n = 5; const list = [...o.list]; list.push(2); list.sort();",
    ],
    ["a clone that is changed", "const copy = structuredClone(o); copy.list.push(2);"],
    ["a function that is not called", "function change() { o.n = 2; }"],
    ["a variable of the same name", "{ const o: any = {}; o.n = 2; } ((o: any) => { o.n = 3; })({});"],
    ["a thing of the same kind", "const p: any = { n: 1, list: [1] }; p.n = 2; p.list.push(3);"],
    ["calling the export", "await explain(); const reply = explain(); console.log(reply); [1].map(explain);"],
  ])("%s does not", (_what, change) => {
    expect(kept("let o: any = { n: 1, list: [1] };", change + never, "export const explain = () => o;")).toEqual([
      1, 3,
    ]);
  });

  test.each([
    ["a class's own property", "class C { static rate = 1; }", "C.rate = 2;"],
    ["a class's prototype", "class C {}", "C.prototype.extra = () => 1;"],
    ["a function's property", "function C() {}", "C.calls = 0;"],
    ["an enum", "enum C { A }", "(C as any).B = 2;"],
    [
      "a variable that closures keep",
      "const C = (() => { let n = 0; return { up: () => ++n, n: () => n }; })();",
      "C.up();",
    ],
    ["an instance", "const C = new (class { #n = 0; up() { this.#n++; } n() { return this.#n; } })();", "C.up();"],
    ["a map", "const C = new Map([['a', [1]]]);", "for (const [, list] of C) list.push(2);"],
    ["a list in a list", "const C = [[1], [2]];", "C.at(-1)!.push(3);"],
    ["an environment variable", "const C = () => process.env.MODE;", "process.env.MODE = 'x';"],
    [
      "what every program uses",
      "const C = [1];",
      "(Array.prototype as any).last = function () { return this.at(-1); };",
    ],
  ])("%s", (_what, declared, change) => {
    expect(kept(declared, change, "export const explain = () => C;")).toEqual([1, 2, 3]);
  });

  test("calling the export does not, even if it changes what it keeps", () => {
    const texts = ["let calls = 0;", "export function explain() { return ++calls; }", "explain(); explain();" + never];
    expect(kept(...texts)).toEqual([1, 2]);
  });
  test("a wrapped export is called without being kept", () => {
    const texts = [
      "import { modelMetrics } from 'cellwright';",
      "let calls = 0;",
      "export const explain = modelMetrics(() => ++calls, {});",
      "console.log(await explain({}));" + never,
    ];
    expect(kept(...texts)).toEqual([2, 3]);
  });
  test("a reply of the export that shares the model's object changes it", () => {
    expect(
      kept("const o = { n: 1 };", "export const explain = () => o;", "const reply = explain(); reply.n = 2;"),
    ).toEqual([1, 2, 3]);
  });
  test("methods of a needed object from elsewhere", () => {
    const texts = [
      "import { Model } from './model.ts';",
      "const model = new Model();",
      "await model.fit([1]);",
      "const other = new Model(); other.fit([2]);" + never,
      "export const explain = () => model;",
    ];
    expect(kept(...texts)).toEqual([2, 3, 5]);
  });
  test("the library's functions and methods leave their arguments alone", () => {
    const texts = [
      "import { LogisticRegression, accuracy } from 'cellwright';",
      "const X: any = [[1]], y = [1];",
      "const model = new LogisticRegression();",
      "model.fit(X, y);",
      "const other = new LogisticRegression(); other.fit(X, y);" + never,
      "accuracy(y, model.predict(X));" + never,
      "export const explain = () => model;",
    ];
    expect(kept(...texts)).toEqual([2, 3, 4, 7]);
  });
  test("a helper that changes what it is given counts where it is given what is needed", () => {
    const texts = [
      "function scale(v: number[]) { v[0]! *= 2; }",
      "const weights = [1];",
      "scale(weights);",
      "const other = [1]; scale(other);" + never,
      "export const explain = () => weights;",
    ];
    expect(kept(...texts)).toEqual([1, 2, 3, 5]);
  });
  test("what happens after the last look does not count", () => {
    const texts = [
      "let k = [1];",
      "const size = k.length;",
      "k = [1, 2];" + never,
      "export const explain = () => size;",
    ];
    expect(kept(...texts)).toEqual([1, 2, 4]);
  });
});

describe("imports come along when their names are needed", () => {
  test("and the rest of their cell does not", async () => {
    using workshop = openWorkshop();
    const texts = [
      "import { join, basename } from 'node:path';\nimport { Socket } from './missing.ts';\nconst rows = load();",
      "export const explain = () => join('a', 'b');",
    ];
    expect(kept(...texts)).toEqual([2]);
    expect(importsAlone(...texts)).toEqual([1]);
    const { imports, folder } = await workshop.build(notebook(...texts));
    expect(imports).toEqual({ "node:path": ["join"] });
    expect(folder).toContain(workshop.folder);
  });
  test("a side-effect import of an unneeded cell does not run", async () => {
    using workshop = openWorkshop();
    const texts = ["import './boom.ts';", "import './boom.ts';\nconst unused = 1;", "export const explain = () => 1;"];
    expect((await workshop.load(notebook(...texts)))()).toBe(1);
  });
  test("a side-effect import of a needed cell runs", async () => {
    using workshop = openWorkshop();
    const inputs = [workshop.input("module", "./set.ts", { "set.ts": "globalThis.wasSet = 7;" })];
    const explain = await workshop.load(
      notebook("import './set.ts';\nconst a = 1;", "export const explain = () => [a, (globalThis as any).wasSet];"),
      { inputs },
    );
    expect(explain()).toEqual([1, 7]);
  });
  test("at the place of their cell where a cell before writes what they may read", async () => {
    using workshop = openWorkshop();
    const inputs = [
      workshop.input("module", "./mode.ts", {
        "mode.ts": "export const mode = process.env.MODE_OF_TEST; export default 1;",
      }),
    ];
    const text = notebook(
      "process.env.MODE_OF_TEST = 'set';",
      "import one, { mode as m } from './mode.ts';\nimport * as all from './mode.ts';",
      "export const explain = () => [process.env.MODE_OF_TEST, one, m, all.mode];",
    );
    expect((await workshop.load(text, { inputs }))()).toEqual(["set", 1, "set", "set"]);
  });
  test("default, namespace, renamed and quoted names", async () => {
    using workshop = openWorkshop();
    const explain = await workshop.load(
      notebook(
        "import os, { EOL as end } from 'node:os';\nimport * as path from 'node:path';\nimport { 'join' as merge } from 'node:path';",
        "export const explain = () => [typeof os.cpus, end, path.sep, merge('a', 'b')];",
      ),
    );
    expect(explain()).toEqual(["function", "\n", "/", "a/b"]);
  });
});

describe("lines with `%` and Markdown are no code", () => {
  test("magics are left out, lines stay where they are", () => {
    expect(kept("%time\nconst a = 1;\n%matplotlib inline", "export const explain = () => a;")).toEqual([1, 2]);
  });
  test("a `%` that starts a line inside a template is text", async () => {
    using workshop = openWorkshop();
    expect((await workshop.load(notebook("const text = `a\n%b`;", "export const explain = () => text;")))()).toBe(
      "a\n%b",
    );
  });
  test("Markdown cells are left out, and said to be no code", async () => {
    using workshop = openWorkshop();
    const text = JSON.parse(notebook("export const explain = () => 1;")) as { cells: object[] };
    text.cells.unshift({ id: "m", cell_type: "markdown", metadata: {}, source: ["# const explain = 2\n", "export"] });
    const { cells: listed, lines } = await workshop.build(JSON.stringify(text));
    expect(listed[0]).toEqual({ cell: "m", position: 1, kept: false, why: "no code" });
    expect(lines).toEqual([{ cell: "c1", position: 2, firstLine: 1, lineCount: 1 }]);
  });
});

describe("what is wrong with a cell matters when the cell is needed", () => {
  test("a syntax error in an unneeded cell does not matter", () => {
    expect(kept("const b = ;", "console.log(explain(", "export const explain = () => 1;")).toEqual([3]);
  });
  test("a throw in an unneeded cell does not matter", async () => {
    using workshop = openWorkshop();
    expect((await workshop.load(notebook(never, "export const explain = () => 1;", never)))()).toBe(1);
  });
  test("a syntax error in a needed cell names it", () => {
    expect(refusal("\nconst model = ;", "export const explain = () => model;")).toBe(
      "Cannot build explain: cell 1 (c1), line 2 does not parse: Unexpected token; it is needed: explain (cell 2) → model (cell 1)",
    );
  });
  test("a syntax error in the cell of the export, of an import, of a change names it", () => {
    expect(refusal("export function explain() { return (; }")).toContain("cell 1 (c1), line 1 does not parse");
    expect(refusal("import { a } from './a.ts';\nconst = 1;", "export const explain = () => a;")).toContain(
      "cell 1 (c1), line 2",
    );
    expect(refusal("const a = [1];", "a.push(2;", "export const explain = () => a;")).toContain("cell 2 (c2), line 1");
  });
  test("a throw in a needed cell names it", async () => {
    using workshop = openWorkshop();
    const text = notebook("const a = 1;\n\nthrow new Error('boom');", "export const explain = () => a;");
    await expect(workshop.attempt(text)).rejects.toMatchObject({
      name: "BuildError",
      message: "Cannot build explain: cell 1 (c1), line 3 throws: boom",
      cell: "c1",
      line: 3,
    });
  });
  test("a rejected await in a needed cell names it", async () => {
    using workshop = openWorkshop();
    const text = notebook("const a = await Promise.reject(new Error('late'));", "export const explain = () => a;");
    await expect(workshop.attempt(text)).rejects.toThrow("Cannot build explain: cell 1 (c1), line 1 throws: late");
  });
  test("what TypeScript's compiler refuses names its cell", async () => {
    using workshop = openWorkshop();
    const text = notebook("const a = 1;", "\na = 2;\nexport const explain = () => a;");
    await expect(workshop.attempt(text)).rejects.toThrow(
      "Cannot build explain: cell 2 (c2), line 2 does not compile: Cannot assign to",
    );
  });
  test("assigning to a constant that is declared again later is refused as the notebook refuses it", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "const a = 1;",
      "a = 2; const early = a;",
      "const a = 3;",
      "export const explain = () => [a, early];",
    );
    await expect(workshop.attempt(text)).rejects.toThrow("cell 2 (c2) assigns to the constant `a`");
  });
});

describe("what is missing is named", () => {
  test("a missing export lists the exports there are", () => {
    const texts = [
      "export const a = 1; const b = 2;",
      "export { b as c };\nexport function d() {}",
      "const explain = () => 1;",
    ];
    expect(refusal(...texts)).toBe("Cannot build explain: the notebook has no such export, it exports a, c, d");
    expect(refusal("const explain = 1;")).toBe(
      "Cannot build explain: the notebook has no such export, it exports nothing",
    );
  });
  test("a name declared nowhere is named with the chain that needs it", () => {
    expect(refusal("const a = b + 1;", "export const explain = () => a;")).toBe(
      "Cannot build explain: found `b` declared nowhere, expected a cell or an import that declares it; needed by explain (cell 2) → a (cell 1) → b",
    );
  });
  test("Node's globals, ambient declarations and guarded names are declared", () => {
    expect(
      kept(
        "declare const provided: number;",
        "export const explain = () => [process, fetch, Buffer, undefined, provided];",
      ),
    ).toEqual([2]);
    expect(kept("export const explain = () => (typeof window === 'undefined' ? 1 : window);")).toEqual([1]);
  });
  test("what a cell puts on globalThis is declared by it", () => {
    expect(kept("globalThis.helper = () => 1;", "export const explain = () => helper();")).toEqual([1, 2]);
  });
  test("a needed cell tagged `never` is named with the chain", () => {
    expect(refusal(["const a = 1;", "never"], "const b = a;", "export const explain = () => b;")).toBe(
      "Cannot build explain: cell 1 (c1) is tagged `never`, but it declares `a`, which is needed: explain (cell 3) → b (cell 2) → a (cell 1)",
    );
  });
  test("a native module is named with the chain", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { DuckDBInstance } from '@duckdb/node-api';",
      "const open = () => DuckDBInstance;",
      "export const explain = () => open();",
    );
    await expect(workshop.attempt(text)).rejects.toThrow(
      /^Cannot build explain: found @duckdb\/node-bindings-.*\.node, a native module, .* needed by explain \(cell 3\) → open \(cell 2\) → DuckDBInstance \(cell 1\) → @duckdb\/node-api → @duckdb\/node-bindings → @duckdb/,
    );
  });
  test("a native module that nothing needs does no harm", async () => {
    using workshop = openWorkshop();
    const text = notebook(
      "import { DuckDBInstance } from '@duckdb/node-api';\nimport { readTable } from 'cellwright';",
      "const n = 1;\nasync function unused() { return [DuckDBInstance, readTable, (await import('libsql')).default]; }",
      "export const explain = () => n;",
    );
    expect((await workshop.load(text))()).toBe(1);
  });
});

describe("module state", () => {
  test("lives as long as the module and is shared by its calls", async () => {
    using workshop = openWorkshop();
    const explain = await workshop.load(notebook("let calls = 0;", "export const explain = () => ++calls;"));
    expect([explain(), explain(), explain()]).toEqual([1, 2, 3]);
  });
});
