// The library's public face: its names, reviewed in the diff, and how it loads.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync } from "oxc-parser";
import { describe, expect, test } from "vitest";
import { cleanEnvironment, root } from "../support/cli.ts";

interface PublicName {
  readonly name: string;
  readonly typeOnly: boolean;
  readonly from: string;
}

describe("cellwright", () => {
  const names = publicNames();

  test("exports these names", () => {
    const lines = names.map(({ name, typeOnly, from }) => `${from} ${typeOnly ? "type " : ""}${name}`);
    expect(lines.sort()).toMatchSnapshot();
  });

  test("names each thing once, and nothing by star", () => {
    const all = names.map(({ name }) => name);
    expect(all.filter((name, i) => all.indexOf(name) !== i)).toEqual([]);
    expect(all).not.toContain("*");
  });

  test("is required as CommonJS does, as stock tslab loads it: nothing awaits on the way", () => {
    const script = `
      const { createRequire } = require("node:module");
      const cellwright = createRequire(${JSON.stringify(join(root, "package.json"))})("cellwright");
      process.stdout.write(JSON.stringify(Object.keys(cellwright)));`;
    const loaded = JSON.parse(inNode("-e", script)) as string[];
    const values = names.filter(({ typeOnly }) => !typeOnly).map(({ name }) => name);
    expect(loaded.sort()).toEqual(values.sort());
  });

  test("loads no heavy package until it is used", () => {
    const packages = new Set<string>();
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const target of importsOf(file)) {
        if (target.startsWith(".")) visit(join(dirname(file), target));
        else if (!target.startsWith("node:")) packages.add(target);
      }
    };
    visit(join(root, "lib/index.ts"));
    expect([...packages].sort()).toMatchSnapshot();
    for (const heavy of ["@duckdb/node-api", "parquet-wasm", "zod"]) expect(packages).not.toContain(heavy);
  });
});

/** What a file loads when it is loaded: static imports and re-exports that are not types alone. */
function importsOf(file: string): string[] {
  const { staticImports, staticExports } = parseSync(file, readFileSync(file, "utf8")).module;
  const imported = staticImports
    .filter(({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType))
    .map(({ moduleRequest }) => moduleRequest.value);
  const exported = staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) => (moduleRequest && !isType ? [moduleRequest.value] : [])),
  );
  return [...imported, ...exported];
}

function inNode(...args: readonly string[]): string {
  return execFileSync(process.execPath, ["--no-warnings", ...args], {
    env: cleanEnvironment(),
    encoding: "utf8",
    cwd: root,
  });
}

function publicNames(): PublicName[] {
  const file = join(root, "lib/index.ts");
  return parseSync(file, readFileSync(file, "utf8")).module.staticExports.flatMap(({ entries }) =>
    entries.map(({ exportName, moduleRequest, isType }) => ({
      name: exportName.name ?? "*",
      typeOnly: isType,
      from: moduleRequest?.value.replace(/^\.\/|\.ts$/g, "") ?? "",
    })),
  );
}
