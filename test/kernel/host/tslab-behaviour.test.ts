// What tslab's documents promise, one by one, on our kernel that checks types. What differs on purpose is a table in the README.
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "tslab-behaviour-"));
let kernel: RawKernel;
beforeAll(async () => {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { strict: true, lib: ["es2022"] } }));
  writeFileSync(join(folder, "local.ts"), "export const version: number = 1; export interface Shape { sides: number }");
  kernel = await RawKernel.start({ mode: "check", cwd: folder });
}, 60_000);
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true });
});

const values = async (...cells: string[]) => {
  let last: string | undefined;
  for (const cell of cells) last = await kernel.value(cell);
  return last;
};

describe("scope", () => {
  test.each([
    [
      "const, let, var, functions, classes, enums and types are there for later cells",
      "15",
      [
        "const a = 1; let b = 2; var c = 3; function d() { return 4 } class E { f = 5 } enum G { H } interface I { j: number } type K = I;",
        "const k: K = { j: G.H }; a + b + c + d() + new E().f + k.j",
      ],
    ],
    [
      "a name declared again takes its new kind and type",
      "'text'",
      ["const again = 1;", "let again = 'text';", "class again2 {}", "const again2: string = again;", "again2"],
    ],
    [
      "a let of an earlier cell is assigned to by later ones, also inside functions",
      "3",
      ["let counter = 0; const count = () => { counter++ };", "count(); counter += 1; count();", "counter"],
    ],
    [
      "destructuring declares every name",
      "[ 1, 2, [ 3, 4 ] ]",
      [
        "const { one, inner: { two }, ...others } = { one: 1, inner: { two: 2 }, x: 0 }; const [, ...many] = [0, 3, 4];",
        "[one, two, many]",
      ],
    ],
    ["what a cell declared before it threw stays", "1", ["const kept = 1; throw new Error('later')", "kept"]],
    [
      "exports are declarations",
      "3",
      ["export const exported = 1; export function two() { return 2 }", "exported + two()"],
    ],
  ])("%s", async (_, expected, cells) => {
    expect(await values(...(cells as string[]))).toBe(expected);
  });
});

describe("values", () => {
  test("the last expression is shown, declarations and undefined are not", async () => {
    expect(await kernel.value("1; 'shown'")).toBe("'shown'");
    for (const nothing of [
      "const silent = 1",
      "undefined",
      "if (true) {}",
      "interface Nothing {}",
      "// only a comment",
      "",
    ])
      expect(await kernel.value(nothing)).toBeUndefined();
  });

  test("await stands at the top, also in loops over asynchronous things", async () => {
    expect(await kernel.value("const late = await Promise.resolve('late'); late")).toBe("'late'");
    expect(
      await values(
        "async function* three() { yield 1; yield 2 } let total = 0; for await (const each of three()) total += each;",
        "total",
      ),
    ).toBe("3");
  });

  test("console goes to both streams", async () => {
    const { iopub } = await kernel.execute(
      "console.log('out', { a: 1 }); console.error('err'); console.warn('warned')",
    );
    expect(streamText(iopub)).toBe("out { a: 1 }\n");
    expect(streamText(iopub, "stderr")).toBe("err\nwarned\n");
  });

  test("display shows each of its kinds, and newDisplay replaces what it showed", async () => {
    const { iopub } = await kernel.execute(`import * as tslab from "tslab";
      const bytes = new Uint8Array([1]);
      const { display } = tslab;
      display.javascript("j"); display.html("h"); display.markdown("m"); display.latex("l"); display.svg("s"); display.text("t");
      display.png(bytes); display.jpeg(bytes); display.gif(bytes); display.pdf(bytes); display.raw("x/y", "r");
      const once = tslab.newDisplay(); once.text("first"); once.text("second");`);
    expect(ofType(iopub, "error")).toEqual([]);
    const shown = ofType(iopub, "display_data").map(({ data }) => Object.entries(data as object)[0]);
    expect(shown).toEqual([
      ...[
        ["text/javascript", "j"],
        ["text/html", "h"],
        ["text/markdown", "m"],
        ["text/latex", "l"],
        ["image/svg+xml", "s"],
      ],
      ...[
        ["text/plain", "t"],
        ["image/png", "AQ=="],
        ["image/jpeg", "AQ=="],
        ["image/gif", "AQ=="],
      ],
      ...[
        ["application/pdf", "AQ=="],
        ["x/y", "r"],
        ["text/plain", "first"],
      ],
    ]);
    expect(ofType(iopub, "update_display_data")).toMatchObject([{ data: { "text/plain": "second" } }]);
    expect(await kernel.value("Object.keys(tslab.versions).sort()")).toBe("[ 'node', 'tslab', 'typescript' ]");
  });
});

describe("types", () => {
  test("a cell that does not fit is refused, and nothing of it runs", async () => {
    const { reply, iopub } = await kernel.execute("console.log('ran'); const wrong: number = 'text';");
    expect(reply.content).toMatchObject({ status: "error", ename: "TypeCheckError" });
    expect(streamText(iopub)).toBe("");
    expect(await kernel.value("typeof (globalThis as any).wrong")).toBe("'undefined'");
  });

  test("syntax errors say where", async () => {
    expect(await kernel.value("let x x")).toMatch(/^SyntaxError/);
  });

  test("completion and inspection know types", async () => {
    await kernel.execute("/** How long. */\nfunction measure(text: string): number { return text.length }");
    const completed = await kernel.request("complete_request", { code: "measure('a').toFi", cursor_pos: 17 });
    expect(completed.reply.content["matches"]).toEqual(["toFixed"]);
    const inspected = await kernel.request("inspect_request", { code: "measure", cursor_pos: 3, detail_level: 0 });
    const { "text/plain": text } = inspected.reply.content["data"] as Record<string, string>;
    expect(text).toContain("function measure(text: string): number");
    expect(text).toContain("How long.");
  });
});

describe("modules", () => {
  test.each([
    [
      "named, default and all of a builtin",
      "[ true, true, true ]",
      [
        'import { join } from "node:path"; import path from "path"; import * as all from "node:path";',
        "[join === all.join, path.join === join, typeof all.resolve === 'function']",
      ],
    ],
    ["only types", "4", ['import type { Shape } from "./local"; const square: Shape = { sides: 4 }; square.sides']],
    ["at run time", "'function'", ['const { readFileSync } = await import("node:fs"); typeof readFileSync']],
    ["by require", "'/'", ['require("path").sep']],
  ])("are imported: %s", async (_, expected, cells) => {
    expect(await values(...(cells as string[]))).toBe(expected);
  });

  test("a local file that was edited is fresh on the next import", async () => {
    expect(await kernel.value('import { version } from "./local"; version')).toBe("1");
    writeFileSync(
      join(folder, "local.ts"),
      "export const version: string = 'two'; export interface Shape { sides: number }",
    );
    utimesSync(join(folder, "local.ts"), new Date(), new Date(Date.now() + 2000));
    expect(await kernel.value('import { version } from "./local"; const text: string = version; text')).toBe("'two'");
  });
});

describe("what differs on purpose", () => {
  test("a function of an earlier cell sees a name declared again", async () => {
    expect(await values("const rate = 1; const price = () => rate * 10;", "const rate = 2;", "price()")).toBe("20");
  });

  test("a comment that makes another kind of cell of it in tslab is a comment", async () => {
    expect(await kernel.value("/** @module other */\nexport const inCell = 1; inCell")).toBe("1");
    expect(await kernel.value('import { inCell as no } from "./other"; no')).toMatch(/TypeCheckError: .*TS2307/);
  });
});
