// Random cells, run and run again in any order, beside a model that knows what each name must be by now: no type is ever stale.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { createChecker } from "../../../kernel/checker/checker.ts";
import { seededRandom } from "../../../lib/core/random.ts";

const folder = mkdtempSync(join(tmpdir(), "cellwright-stale-"));
const checker = createChecker(folder);
afterAll(() => {
  checker.close();
  rmSync(folder, { recursive: true });
});

const values = { number: "1", string: '"text"', boolean: "true" } as const;
type TypeName = keyof typeof values;
const typeNames = Object.keys(values) as TypeName[];
const variables = ["a", "b", "c"];
const functions = ["f", "g"];

async function accepts(code: string): Promise<boolean> {
  const { diagnostics, accept } = await checker.check(code);
  if (diagnostics.length === 0) accept();
  return diagnostics.length === 0;
}

test.each([1, 2, 3])("seed %i", async (seed) => {
  checker.clear();
  const random = seededRandom(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  const types = new Map<string, { type: TypeName; mutable: boolean }>();
  /** Function → the variable it returns. */
  const returns = new Map<string, string>();
  for (let step = 0; step < 60; step++) {
    const variable = pick(variables);
    const declared = types.get(variable);
    const what = random();
    if (!declared || what < 0.35) {
      const [type, keyword] = [pick(typeNames), pick(["let", "const", "var"])];
      const named = `${keyword} ${variable}: ${type} = ${values[type]};`;
      expect(await accepts(named), named).toBe(true);
      types.set(variable, { type, mutable: keyword !== "const" });
    } else if (what < 0.5) {
      const name = pick(functions);
      const made = `function ${name}() { return ${variable}; }`;
      expect(await accepts(made), made).toBe(true);
      returns.set(name, variable);
    } else if (what < 0.65) {
      const type = pick(typeNames);
      const assigned = `${variable} = ${values[type]};`;
      expect(await accepts(assigned), assigned).toBe(declared.mutable && declared.type === type);
    } else {
      const name = pick(functions);
      const [text, of] = returns.has(name) && random() < 0.5 ? [`${name}()`, returns.get(name)!] : [variable, variable];
      const type = pick(typeNames);
      const probe = `{ const probe: ${type} = ${text}; void probe; }`;
      expect(await accepts(`if (true) ${probe}`), `step ${step}: ${probe}`).toBe(types.get(of)!.type === type);
    }
  }
});
