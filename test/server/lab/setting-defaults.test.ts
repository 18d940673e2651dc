// What Lab's page takes for the settings that nobody has changed, beside what JupyterLab's own validator makes of having nothing set.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { defaultsOf, type SettingSchema } from "../../../server/lab/setting-defaults.ts";

interface Validator {
  compile(schema: object): (settings: object) => boolean;
}
const require = createRequire(createRequire(import.meta.url).resolve("@jupyterlab/settingregistry/package.json"));
const { default: Ajv } = require("ajv") as { default: new (options: object) => Validator };

type Listed = Readonly<Record<string, unknown>>;
interface Plugin {
  readonly id: string;
  readonly schema: SettingSchema & Listed;
}
const built = fileURLToPath(new URL("../../../dist/lab/schemas.json", import.meta.url));
const plugins: readonly Plugin[] = JSON.parse(readFileSync(built, "utf8"));

/** As @jupyterlab/settingregistry has it. */
function validated(schema: object): object {
  const settings = {};
  const isValid = new Ajv({ useDefaults: true, strict: false }).compile(schema)(settings);
  expect(isValid, "nothing set is valid").toBe(true);
  return settings;
}

/** As Lab's plugins fill a schema in its page: all menus, context menus, shortcuts and toolbars of all plugins. */
function filled(schema: SettingSchema & Listed): SettingSchema {
  const listed = (name: string): Listed[] =>
    plugins.flatMap((plugin) => Object.values((plugin.schema[name] ?? {}) as object).flat() as Listed[]);
  const menus = plugins.map((plugin) => (plugin.schema["jupyter.lab.menus"] ?? {}) as Record<string, Listed[]>);
  const defaults: Record<string, unknown> = {
    shortcuts: listed("jupyter.lab.shortcuts"),
    toolbar: listed("jupyter.lab.toolbars"),
    menus: menus.flatMap(({ main = [] }) => main),
    contextMenu: menus.flatMap(({ context = [] }) => context),
  };
  const copy = structuredClone(schema) as { properties?: Record<string, object> };
  for (const [name, property] of Object.entries(copy.properties ?? {}))
    if (defaults[name]) Object.assign(property, { default: defaults[name] });
  return copy as SettingSchema;
}

describe("settings that nobody has changed", () => {
  test.each(plugins.map(({ id, schema }) => [id, schema] as const))("of %s", (_, schema) => {
    expect(defaultsOf(schema)).toEqual(validated(schema));
  });

  const transformed = plugins.filter(({ schema }) => schema["jupyter.lab.transform"]);
  test.each(transformed.map(({ id, schema }) => [id, schema] as const))("of %s with what plugins add", (_, schema) => {
    const full = filled(schema);
    expect(defaultsOf(full)).toEqual(validated(full));
  });

  test("some of the schemas that plugins fill say defaults of their parts", () => {
    const told = transformed.map(({ schema }) => JSON.stringify(defaultsOf(filled(schema))).length);
    expect(told.filter((length) => length > 2000).length).toBeGreaterThan(5);
  });

  test("of parts: of a default's own parts, of its elements, of definitions and of what has no name of its own", () => {
    const schema: SettingSchema & Listed = {
      type: "object",
      definitions: { item: { properties: { rank: { default: 500 } } } },
      properties: {
        list: { default: [{ name: "a" }, { name: "b", rank: 1 }], items: { $ref: "#/definitions/item" } },
        nested: { default: {}, properties: { on: { default: true }, none: {} } },
        named: {
          default: { x1: {}, y: {} },
          patternProperties: { "^x": { properties: { by: { default: "pattern" } } } },
        },
        others: { default: { a: {} }, additionalProperties: { allOf: [{ properties: { by: { default: "all" } } }] } },
        unset: { properties: { lost: { default: 1 } } },
      },
    };
    expect(defaultsOf(schema)).toEqual({
      list: [
        { name: "a", rank: 500 },
        { name: "b", rank: 1 },
      ],
      nested: { on: true },
      named: { x1: { by: "pattern" }, y: {} },
      others: { a: { by: "all" } },
    });
    expect(defaultsOf(schema)).toEqual(validated(schema));
  });

  test("a schema's own default is never handed out itself", () => {
    const schema: SettingSchema = { properties: { list: { default: [1] } } };
    (defaultsOf(schema)["list"] as number[]).push(2);
    expect(defaultsOf(schema)).toEqual({ list: [1] });
  });

  test("a reference that names no definition is refused", () => {
    const schema: SettingSchema = { properties: { a: { default: {}, $ref: "#/definitions/none" } } };
    expect(() => defaultsOf(schema)).toThrow("found #/definitions/none");
  });
});
