// The parts of TypeScript that a cell's way to V8 has to lower or rewrite, each run by the real kernel.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "language-"));
let kernel: RawKernel;
beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), '{ "name": "language", "type": "module" }');
  kernel = await RawKernel.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

const value = (code: string) => kernel.value(code);
async function traceback(code: string): Promise<string> {
  const { iopub } = await kernel.execute(code);
  return (ofType(iopub, "error")[0]!["traceback"] as string[]).join("\n").replace(/cell \[\d+\]/g, "cell [n]");
}

describe("decorators", () => {
  test("of classes, methods, fields and accessors run as the standard says", async () => {
    await kernel.execute(`const calls: string[] = [];
      const named = <T extends new (...args: any[]) => object>(Base: T, context: ClassDecoratorContext) =>
        class extends Base { decorated = context.name; };
      const logged = <F extends (...args: any[]) => unknown>(f: F, { name }: ClassMethodDecoratorContext) =>
        function (this: unknown, ...args: unknown[]) { calls.push(String(name)); return f.apply(this, args); } as F;
      const doubled = (_: undefined, __: ClassFieldDecoratorContext) => (x: number) => x * 2;
      const inner = (target: any, { kind }: any) => { calls.push(kind); return target; };`);
    const code = `@named class Box { @doubled size = 4; @inner accessor lid = 1; @logged open(by: number) { return this.size + by; }
        @logged static make() { return new Box() } #hidden = 1; }
      const box = Box.make() as any; [box.open(1), box.lid, box.decorated, calls]`;
    expect(await value(code)).toBe("[ 9, 1, 'Box', [ 'accessor', 'make', 'open' ] ]");
  });

  test("leave places in stack traces as they were written", async () => {
    const text = await traceback(
      "interface Gap {}\n\n@named\nclass Failing {\n  fail(): never {\n\n    throw new Error('here');\n  }\n}\nnew Failing().fail();",
    );
    expect(text).toContain("at Failing.fail (cell [n]:7:11)\n    at cell [n]:10:15\n");
    expect(text).toContain("> 7 |     throw new Error('here');");
    expect(await traceback("@named class Broken {\n  x = ;\n}")).toContain("at cell [n]:2:7");
  });

  test("stand beside enums, using and exports, and their helpers are nobody's variables", async () => {
    const { iopub } = await kernel.execute(`using first = { [Symbol.dispose]() { console.log("disposed") } };
      enum Side { Left = 3 }
      @named export class Beside { side = Side.Left }
      console.log(new Beside().side); const address = "not@decorator";`);
    expect(streamText(iopub)).toBe("3\ndisposed\n");
    const { reply } = await kernel.request("complete_request", { code: "__", cursor_pos: 2 });
    expect(reply.content["matches"]).toEqual([]);
  });

  test("are the legacy ones where tsconfig.json says so, by what it extends too, in cells and files", async () => {
    const legacy = join(folder, "legacy");
    mkdirSync(legacy);
    writeFileSync(join(legacy, "base.json"), '{ "compilerOptions": { "experimentalDecorators": true, /* and */ } }');
    writeFileSync(join(legacy, "tsconfig.json"), '{ "extends": "./base.json" }');
    writeFileSync(
      join(legacy, "file.ts"),
      "const mark = (target: object, key: string) => { (target as any)[key + 'Marked'] = true; };\nexport class Marked { @mark m(): void {} }\n",
    );
    const other = await RawKernel.start({ cwd: legacy });
    expect(
      await other.value(`const seen: unknown[] = []; const see = (target: object, key: string, descriptor?: PropertyDescriptor) => { seen.push(key, typeof descriptor) };
        class Old { @see method() {} @see field = 1 }
        import { Marked } from "./file"; [seen, (Marked.prototype as any).mMarked]`),
    ).toBe("[ [ 'method', 'object', 'field', 'undefined' ], true ]");
    await other.stop();
  });

  test("and using work in local files for every Node", async () => {
    writeFileSync(
      join(folder, "modern.ts"),
      `const upper = (f: () => string, _: ClassMethodDecoratorContext) => () => f().toUpperCase();
export class Speaker { @upper speak(): string { return "hello"; } accessor volume = 3; }
export const steps: string[] = [];
export function work(): void { using _ = { [Symbol.dispose]: () => steps.push("disposed") }; steps.push("worked"); }
`,
    );
    expect(
      await value(
        'import { Speaker, steps, work } from "./modern"; work(); [new Speaker().speak(), new Speaker().volume, steps]',
      ),
    ).toBe("[ 'HELLO', 3, [ 'worked', 'disposed' ] ]");
  });
});

describe("declared again in a later cell", () => {
  test("an enum is replaced, not merged, constant ones too", async () => {
    await kernel.execute("enum Level { Low, High } const enum Flag { On = 1 }");
    expect(await value("enum Level { Only = 5 }\nObject.keys(Level)")).toBe("[ '5', 'Only' ]");
    expect(await value("const enum Flag { Off = 7 }\n[Flag.Off, (Flag as any).On]")).toBe("[ 7, undefined ]");
  });

  test("a namespace is replaced, not merged", async () => {
    await kernel.execute("namespace Units { export const metre = 1 }");
    expect(await value("namespace Units { export const foot = 0.3 }\nObject.keys(Units)")).toBe("[ 'foot' ]");
    expect(await value("namespace Units.Deep { export const inch = 2 }\nUnits.Deep.inch")).toBe("2");
  });

  test("a let of an earlier cell is assignable, a destructured one at any depth", async () => {
    await kernel.execute(
      "let plain = 1; let { a: { b: [deep, ...others] }, ...rest } = { a: { b: [1, 2, 3] }, c: 4 };",
    );
    expect(await value("plain += 1; deep++; ({ x: [deep] } = { x: [deep * 10] }); [plain, deep, others, rest]")).toBe(
      "[ 2, 20, [ 2, 3 ], { c: 4 } ]",
    );
  });
});

describe("disposal", () => {
  test("comes at the end of a function, a block, each turn of a loop and the cell, awaited where it says so", async () => {
    const { iopub } =
      await kernel.execute(`const made = (name: string) => ({ [Symbol.dispose]: () => console.log(name) });
      const slow = (name: string) => ({ [Symbol.asyncDispose]: async () => { await 1; console.log(name) } });
      const inFunction = () => { using _ = made("function"); return 1 };
      await using top = slow("cell");
      inFunction(); { using _ = made("block") }
      for (using each of [made("turn 1"), made("turn 2")]) console.log("in", typeof each);
      for await (await using each of [slow("slow turn")]) { console.log("in", typeof each) }`);
    expect(streamText(iopub).split("\n")).toEqual(
      "function|block|in object|turn 1|in object|turn 2|in object|slow turn|cell|".split("|"),
    );
  });

  test("comes at the end of a counting loop, also one with labels, and of a class's static block", async () => {
    const { iopub, reply } =
      await kernel.execute(`const shut = (name: string) => ({ [Symbol.dispose]: () => console.log(name) });
      for (using one = shut("loop"), i = null; !count; count = 1) console.log("in loop", one !== i);
      outer: inner: for (using two = shut("labels"); ; ) { for (;;) { console.log("in labels", typeof two); break outer } }
      const waits = async () => { for (await using _ = { [Symbol.asyncDispose]: async () => { await 1; console.log("awaited") } }; ; ) return 1 };
      await waits();
      class Holder { static { /* { */ using _ = shut("static"); console.log("in static"); } }
      var count;`);
    expect(reply.content).toMatchObject({ status: "ok" });
    expect(streamText(iopub).trimEnd().split("\n")).toEqual([
      "in loop true",
      "loop",
      "in labels object",
      "labels",
      "awaited",
      "in static",
      "static",
    ]);
  });

  test("comes also when the cell throws", async () => {
    const { iopub, reply } = await kernel.execute(
      'using open = { [Symbol.dispose]: () => console.log("closed") };\nthrow new Error("inside")',
    );
    expect(streamText(iopub)).toBe("closed\n");
    expect(reply.content["evalue"]).toBe("inside");
  });
});

describe("modules", () => {
  test("for await, JSON imports and import.meta work at the top of a cell", async () => {
    writeFileSync(join(folder, "depth.json"), '{ "depth": 3 }');
    expect(
      await value(`import settings from "./depth.json" with { type: "json" };
        const later = (await import("./depth.json", { with: { type: "json" } })).default.depth;
        let sum = 0; for await (const each of [settings.depth, Promise.resolve(later)]) sum += each;
        [sum, import.meta.dirname === process.cwd(), import.meta.url.startsWith("file://")]`),
    ).toBe("[ 6, true, true ]");
  });

  test("a cell exports what it or an earlier cell has, in every form", async () => {
    await kernel.execute("export let exported = 1; export type T = string; export abstract class Kept {}");
    expect(await value("export { exported as default, Kept }; export * from 'node:path'; exported")).toBe("1");
    expect(await value("import path = require('node:path'); export default path.sep")).toBe("'/'");
  });

  test("a package that is missing says how to install it, and where", async () => {
    for (const [code, name] of [
      ["import x from 'no-such-package'", "no-such-package"],
      ["await import('@scope/no-such/deep')", "@scope/no-such"],
      ["require('no-such-package/deep')", "no-such-package"],
    ])
      expect(await value(code!)).toBe(
        `Error: Cannot find package '${name}': install it with "npm install ${name}" in ${folder}`,
      );
    expect(await value("import './no-such-file'")).not.toContain("npm install");
  });
});
