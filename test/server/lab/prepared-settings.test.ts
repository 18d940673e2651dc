// What the build of Lab says the settings are before anybody changes one: the page takes it without looking again.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

interface Schema {
  readonly id: string;
  readonly schema: { readonly properties?: Record<string, { readonly default?: unknown }> } & Record<string, unknown>;
  readonly defaults?: Record<string, unknown>;
}

const built = fileURLToPath(new URL("../../../dist/lab/schemas.json", import.meta.url));
const schemas: readonly Schema[] = JSON.parse(readFileSync(built, "utf8"));
const prepared = schemas.filter(({ defaults }) => defaults !== undefined);

describe("settings that nobody has changed", () => {
  test("are told for every plugin whose schema stays as it is built, and for no other", () => {
    const transformed = schemas.filter(({ schema }) => schema["jupyter.lab.transform"] === true);
    expect(transformed.length).toBeGreaterThan(5);
    expect(schemas.filter((each) => !prepared.includes(each))).toEqual(transformed);
  });

  test.each(prepared.map((each) => [each.id, each] as const))("of %s are its schema's defaults", (_, each) => {
    const declared = Object.entries(each.schema.properties ?? {}).filter(([, property]) => "default" in property);
    expect(Object.keys(each.defaults!).sort()).toEqual(declared.map(([name]) => name).sort());
    for (const [name, { default: value }] of declared) expect(each.defaults).toMatchObject({ [name]: value });
  });
});
