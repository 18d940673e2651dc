import { execFileSync } from "node:child_process";
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { columnsOf } from "../../../lib/frame/columns.ts";
import { fromDanfo, toDanfo } from "../../../lib/frame/danfo.ts";
import { frameOf } from "../../../lib/frame/frame.ts";
import { root, temporaryFolder } from "../../support/cli.ts";

const frame = frameOf(
  { n: [1, 2, null], x: [0.5, null, 2.25], name: ["a", null, "c"], ok: [true, false, true] },
  { types: { n: "long", x: "double", name: "string", ok: "boolean" } },
);

describe("danfo", () => {
  test("takes a frame with its types and gives it back as it was, nulls too", { timeout: 120_000 }, async () => {
    const danfo = await toDanfo(frame);
    expect(danfo.columns).toEqual(["n", "x", "name", "ok"]);
    expect(danfo.shape).toEqual([3, 4]);
    expect(danfo.dtypes).toEqual(["int32", "float32", "string", "boolean"]);
    expect(columnsOf(fromDanfo(danfo))).toEqual({
      n: [1, 2, null],
      x: [0.5, null, 2.25],
      name: ["a", null, "c"],
      ok: [true, false, true],
    });
  });

  test("groups as danfo groups, and dates cross as ISO text", { timeout: 120_000 }, async () => {
    const danfo = await toDanfo(frameOf({ plan: ["a", "b", "a"], total: [1, 2, 3.5], on: [1, 2, 3].map(day) }));
    const sums = fromDanfo(danfo["groupby"](["plan"]).col(["total"]).sum());
    expect(columnsOf(sums)).toEqual({ plan: ["a", "b"], total_sum: [4.5, 2] });
    expect(columnsOf(fromDanfo(danfo))["on"]).toEqual([1, 2, 3].map((n) => day(n).toISOString()));
  });

  test("says how to install danfo where it is not", () => {
    using folder = temporaryFolder();
    cpSync(join(root, "dist/lib"), join(folder.path, "lib"), { recursive: true });
    writeFileSync(join(folder.path, "package.json"), '{ "type": "module" }');
    for (const name of ["arquero", "@uwdata"]) linkPackage(folder.path, name);
    const url = pathToFileURL(join(folder.path, "lib/frame/danfo.js")).href;
    const script = `import(${JSON.stringify(url)}).then((m) => m.toDanfo({ a: [1] })).catch((e) => console.log(e.message))`;
    const said = execFileSync(process.execPath, ["-e", script], { cwd: folder.path, encoding: "utf8" });
    expect(said).toContain("npm install danfojs-node");
  });
});

function day(n: number): Date {
  return new Date(Date.UTC(2026, 0, n));
}

/** arquero alone is there, as for a user without danfo. */
function linkPackage(folder: string, name: string): void {
  cpSync(join(root, "node_modules", name), join(folder, "node_modules", name), { recursive: true, dereference: true });
}
