// What README shows is true: its TypeScript runs in our kernel, its commands exist.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cellwright, root, temporaryFolder } from "./support/cli.ts";

const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, text]) => text!);

describe("README", () => {
  test("its TypeScript runs from top to bottom in one kernel", { timeout: 60_000 }, async () => {
    const code = blocks("ts");
    expect(code.length).toBeGreaterThan(0);
    using home = temporaryFolder();
    const cells = code.map((source, i) => ({
      cell_type: "code",
      execution_count: null,
      id: `c${i}`,
      metadata: {},
      outputs: [],
      source,
    }));
    const kernelspec = { name: "cellwright", display_name: "TypeScript (Cellwright)", language: "typescript" };
    const path = join(home.path, "readme.ipynb");
    writeFileSync(path, JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
    const run = await cellwright(["run", path, "-o", join(home.path, "done.ipynb")], {
      env: { CELLWRIGHT_HOME: home.path },
    });
    expect(run.code, run.stderr).toBe(0);
  });

  test("every command it names exists", async () => {
    const { stdout } = await cellwright(["--help"]);
    const known = new Set([...stdout.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name));
    const named = new Set([...readme.matchAll(/\bcellwright ([a-z]+)/g)].map(([, name]) => name!));
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  test("every npm script it names exists", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/\bnpm (?:run )?(start|test|run [a-z:]+|[a-z]+:[a-z]+)\b/g)].map(([, name]) =>
      name!.replace("run ", ""),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test("its table of settings is the one the server reads", async () => {
    const { settings } = (await import(new URL("../server/settings.ts", import.meta.url).href)) as {
      settings: Record<string, { env: string; meaning: string }>;
    };
    const missing = Object.values(settings).filter(
      ({ env, meaning }) => !readme.includes(`\`${env}\``) || !readme.includes(meaning),
    );
    expect(missing.map(({ env }) => env)).toEqual([]);
  });
});
