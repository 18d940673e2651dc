// What a plugin's settings are before anybody changes one, by the validator that JupyterLab itself uses.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { default: Ajv } = createRequire(require.resolve("@jupyterlab/settingregistry/package.json"))("ajv");

/**
 * Undefined where the page has to find out: plugins transform the schema there, or the schema refuses having nothing set.
 *
 * @param id of the plugin
 */
export function settingDefaultsOf(id, schema) {
  if (schema["jupyter.lab.transform"]) return undefined;
  const composite = {};
  const compose = new Ajv({ useDefaults: true, strict: false }).addSchema(schema, id).getSchema(id);
  return compose(composite) ? composite : undefined;
}
