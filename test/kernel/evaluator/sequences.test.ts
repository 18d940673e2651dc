// Laws of cells, held for random ones: a sequence of cells gives what one module made of them gives, and after edits and reruns every
// name has the value of the cell that ran last.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transpile } from "../../../kernel/evaluator/transpile.ts";
import { RawKernel, streamText } from "../../support/raw-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "sequences-"));
let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Seeded: the same cells each time. */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const below = (n: number) => Math.floor(next() * n);
  return { below, pick: <T>(values: readonly T[]): T => values[below(values.length)]! };
}

type Random = ReturnType<typeof createRandom>;
/** Names by what may be done with them. */
interface Scope {
  readonly numbers: string[];
  readonly assignable: string[];
  readonly functions: string[];
  readonly classes: string[];
}

/** Statements that declare, change and print; each cell's names are new, so that all fit into one module. */
function randomCell(random: Random, scope: Scope, prefix: string): string {
  const lines = Array.from({ length: 1 + random.below(4) }, (_, i) => randomStatement(random, scope, `${prefix}_${i}`));
  return [...lines, `console.log(${JSON.stringify(prefix)}, ${expression(random, scope)})`].join("\n");
}

function expression(random: Random, { numbers, functions, classes }: Scope): string {
  const number = numbers.length > 0 ? random.pick(numbers) : "1";
  const forms = [number, String(random.below(9)), `(${number} * 2 as number)`];
  if (functions.length > 0) forms.push(`${random.pick(functions)}(${number})`);
  if (classes.length > 0) forms.push(`new ${random.pick(classes)}(${number}).twice`);
  return random.pick(forms);
}

function randomStatement(random: Random, scope: Scope, name: string): string {
  const value = expression(random, scope);
  const { numbers, assignable, functions, classes } = scope;
  const declared = (text: string, ...lists: (readonly [string[], string])[]) => {
    for (const [list, declaredName] of lists) list.push(declaredName);
    return text;
  };
  const number = [numbers, name] as const;
  const kinds: (() => string)[] = [
    () => declared(`const ${name}: number = ${value};`, number),
    () => declared(`let ${name} = ${value};`, number, [assignable, name]),
    () => declared(`var ${name} = ${value};`, number, [assignable, name]),
    () =>
      declared(
        `const { a: ${name}a, b: [${name}b = 7, ...${name}c] } = { a: ${value}, b: [${value}, 1] };`,
        [numbers, `${name}a`],
        [numbers, `${name}b`],
      ),
    () => declared(`function ${name}(x: number): number { return x + ${value}; }`, [functions, name]),
    () => declared(`const ${name} = (x: number): number => x - ${value};`, [functions, name]),
    () =>
      declared(
        `class ${name} { constructor(readonly side: number) {} get twice(): number { return this.side * 2; } }`,
        [classes, name],
      ),
    () => declared(`enum ${name} { Low = 1, High = ${1 + random.below(9)} }`, [numbers, `${name}.High`]),
    () => declared(`namespace ${name} { export const inner = ${value}; }`, [numbers, `${name}.inner`]),
    () => declared(`const ${name} = await Promise.resolve(${value});`, number),
    () => `interface ${name} { side: number }`,
    () => `for (let i = 0; i < 3; i++) { const local = i * ${value}; if (local > 4) break; }`,
    () => `try { throw new RangeError(String(${value})); } catch (error) { console.log((error as Error).message); }`,
  ];
  if (assignable.length > 0) {
    const target = random.pick(assignable);
    kinds.push(
      () => `${target} += ${value};`,
      () => `[${target}] = [${value}];`,
      () => `for await (const each of [1, Promise.resolve(2)]) ${target} += each;`,
    );
  }
  return random.pick(kinds)();
}

function asModule(cells: readonly string[]): string {
  const path = join(folder, "module.mjs");
  writeFileSync(path, transpile(cells.join("\n;\n")).js);
  const { stdout, stderr } = spawnSync(process.execPath, [path], { encoding: "utf8" });
  expect(stderr).toBe("");
  return stdout;
}

test.each(Array.from({ length: 25 }, (_, seed) => seed))(
  "random cells print what one module of them prints (%i)",
  async (seed) => {
    const random = createRandom(seed);
    const scope: Scope = { numbers: [], assignable: [], functions: [], classes: [] };
    const cells = Array.from({ length: 8 }, (_, i) => randomCell(random, scope, `s${seed}c${i}`));
    let printed = "";
    for (const code of cells) {
      const { reply, iopub } = await kernel.execute(code);
      expect(reply.content, code).toMatchObject({ status: "ok" });
      printed += streamText(iopub);
    }
    expect(printed).toBe(asModule(cells));
  },
);

test.each(Array.from({ length: 10 }, (_, seed) => seed))(
  "after random edits and reruns no value is stale (%i)",
  async (seed) => {
    const random = createRandom(1000 + seed);
    const names = ["p", "q", "r"].map((name) => `${name}${seed}`);
    /** Each name's value as its latest cell said, in whatever way that declared it. */
    const expected = new Map<string, number>();
    const declarations: ((name: string, n: number) => string)[] = [
      (name, n) => `const ${name} = ${n};`,
      (name, n) => `let ${name}: number = ${n};`,
      (name, n) => `var ${name} = ${n};`,
      (name, n) => `const { x: { y: ${name} } } = { x: { y: ${n} } };`,
      (name, n) => `import { value as ${name} } from "./stored${n}";`,
      (name, n) => `enum Hidden${name} { A = ${n} }\nconst ${name}: number = Hidden${name}.A;`,
      (name, n) => `export let ${name} = await Promise.resolve(${n});`,
    ];
    const readers = names.map((name) => `function read_${name}() { return ${name}; }`);
    for (const name of names) {
      expected.set(name, 0);
      await kernel.execute(`let ${name} = 0;`);
    }
    await kernel.execute(readers.join("\n"));
    for (let edit = 0; edit < 12; edit++) {
      const name = random.pick(names);
      const n = random.below(1000);
      writeFileSync(join(folder, `stored${n}.ts`), `export const value: number = ${n};\n`);
      const { reply } = await kernel.execute(random.pick(declarations)(name, n));
      expect(reply.content).toMatchObject({ status: "ok" });
      expected.set(name, n);
      if (random.below(3) === 0) await kernel.execute(random.pick(readers)); // a rerun of a cell that did not change
      const shown = await kernel.value(
        `JSON.stringify([${names.map((each) => `${each}, read_${each}()`).join(", ")}])`,
      );
      expect(shown).toBe(`'${JSON.stringify([...expected.values()].flatMap((value) => [value, value]))}'`);
    }
  },
);
