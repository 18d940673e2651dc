import { describe, expect, test } from "vitest";
import { BuildError } from "../../../server/builds/build-error.ts";
import { composeCells } from "../../../server/builds/compose-cells.ts";
import { type NeededCells, neededCells } from "../../../server/builds/needed-cells.ts";
import { timesOf } from "../../support/effort.ts";
import fc from "../../support/fast-check.ts";
import { cells, importModule, notebook, openWorkshop, unchecked } from "./notebooks.ts";
import { meaningOf, type RandomNotebook, randomNotebook } from "./random-notebooks.ts";

/** The answers of the kept cells alone, as one module. */
async function answersOf(needed: NeededCells, requests: readonly number[]): Promise<unknown[]> {
  const source = `const console = { log() {} };${composeCells(needed).source}`;
  const { explain } = await importModule(`data:text/javascript,${encodeURIComponent(`${source}\n//${Math.random()}`)}`);
  return requests.map((request) => explain!(request));
}

/** Cells that stayed out throw. */
function withThrows({ cells: texts }: RandomNotebook, needed: NeededCells): string[] {
  return texts.map((text, index) => (needed.code.has(index) ? text : 'throw new Error("not needed");'));
}

describe("on random notebooks", () => {
  test("a build answers as the whole notebook does, and cells that stay out may throw", async () => {
    await fc.assert(
      fc.asyncProperty(randomNotebook, async (random) => {
        const meant = meaningOf(random);
        fc.pre(meant !== undefined);
        const needed = neededCells(cells(...random.cells), "explain");
        expect(await answersOf(needed, random.requests)).toEqual(meant);
        const throwing = neededCells(cells(...withThrows(random, needed)), "explain");
        expect([...needed.code]).toEqual(expect.arrayContaining([...throwing.code]));
        expect(await answersOf(throwing, random.requests)).toEqual(meant);
      }),
      { numRuns: timesOf({ everyday: 100, ci: 400, soak: 4000 }), seed: 20260117 },
    );
  }, 120_000);

  test("removing the one cell that declares a needed name fails and names it", () => {
    fc.assert(
      fc.property(randomNotebook, (random) => {
        const needed = neededCells(cells(...random.cells), "explain");
        if (needed.cells.some(({ why }) => why.startsWith("changes"))) return; // who changes is needed by nobody's name
        for (const index of needed.code) {
          const own = needed.analysis.statements
            .filter(({ cell }) => cell === index)
            .flatMap(({ declares }) => declares);
          const only = own.filter(({ name }) =>
            needed.analysis.world.versions.get(name)!.every(({ cell }) => cell === index),
          );
          const { why } = needed.cells[index]!;
          const missing = only.find(({ name }) => why.startsWith(`declares \`${name}\``));
          if (!missing) continue;
          const rest = cells(...random.cells).filter((_, at) => at !== index);
          expect(() => neededCells(rest, "explain")).toThrow(BuildError);
          expect(() => neededCells(rest, "explain")).toThrow(`\`${missing.name}\` declared nowhere`);
        }
      }),
      { numRuns: timesOf({ everyday: 30, ci: 100, soak: 1000 }), seed: 7 },
    );
  }, 60_000);

  test("the bundle of the kept cells answers the same", async () => {
    using workshop = openWorkshop();
    await fc.assert(
      fc.asyncProperty(randomNotebook, async (random) => {
        const meant = meaningOf(random);
        fc.pre(meant !== undefined);
        const explain = await workshop.load(notebook("const console = { log() {} };", ...random.cells), {
          check: unchecked,
        });
        expect(random.requests.map((request) => explain(request))).toEqual(meant);
      }),
      { numRuns: timesOf({ everyday: 8, ci: 25, soak: 250 }), seed: 11 },
    );
  }, 120_000);
});
