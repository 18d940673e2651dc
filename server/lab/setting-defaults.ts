// What a plugin's settings are before anybody changes one: its schema's defaults, also those of the parts of a default. Pure.
import { JSONExt, type PartialJSONObject, type PartialJSONValue } from "@lumino/coreutils";

/** The parts of a JSON schema that say or hold defaults. */
export interface SettingSchema {
  readonly default?: PartialJSONValue;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  readonly patternProperties?: Readonly<Record<string, SettingSchema>>;
  readonly additionalProperties?: boolean | SettingSchema;
  readonly items?: SettingSchema;
  readonly allOf?: readonly SettingSchema[];
  /** What stands here says no defaults, save a definition that refers to others: the validator knows it by itself. */
  readonly oneOf?: readonly SettingSchema[];
  /** `#/definitions/NAME` of the same schema. */
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, SettingSchema>>;
}

/**
 * As JupyterLab's own validator fills them in. https://ajv.js.org/guide/modifying-data.html#assigning-defaults
 *
 * @throws Error a `$ref` that names no definition
 */
export function defaultsOf(schema: SettingSchema): PartialJSONObject {
  const settings: PartialJSONObject = {};
  fillIn(settings, schema, schema.definitions ?? {});
  return settings;
}

type Definitions = Readonly<Record<string, SettingSchema>>;

function fillIn(value: PartialJSONValue | undefined, schema: SettingSchema, definitions: Definitions): void {
  if (typeof value !== "object" || value === null) return;
  if (schema.$ref !== undefined) fillIn(value, definitionOf(schema.$ref, definitions), definitions);
  for (const each of schema.allOf ?? []) fillIn(value, each, definitions);
  for (const each of schema.oneOf ?? []) if (refersOn(each, definitions)) fillIn(value, each, definitions);
  if (Array.isArray(value)) {
    if (schema.items) for (const item of value) fillIn(item, schema.items, definitions);
    return;
  }
  const object = value as PartialJSONObject;
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    if (object[name] === undefined && property.default !== undefined) object[name] = JSONExt.deepCopy(property.default);
  for (const [name, item] of Object.entries(object))
    for (const each of schemasOf(name, schema)) fillIn(item, each, definitions);
}

function schemasOf(name: string, { properties, patternProperties, additionalProperties }: SettingSchema) {
  const own = properties && Object.hasOwn(properties, name) ? [properties[name]!] : [];
  const patterns = Object.entries(patternProperties ?? {}).filter(([pattern]) => new RegExp(pattern, "u").test(name));
  const named = [...own, ...patterns.map(([, schema]) => schema)];
  return named.length === 0 && typeof additionalProperties === "object" ? [additionalProperties] : named;
}

function refersOn({ $ref }: SettingSchema, definitions: Definitions): boolean {
  return $ref !== undefined && JSON.stringify(definitionOf($ref, definitions)).includes('"$ref"');
}

function definitionOf(reference: string, definitions: Definitions): SettingSchema {
  const found = definitions[reference.replace("#/definitions/", "")];
  if (!found) throw new Error(`Cannot read a settings schema: found ${reference}, expected one of its definitions`);
  return found;
}
