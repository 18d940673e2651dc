// A change to JupyterLab's validator of settings as it is built in: JupyterLab's own schema of schemas is taken as it is. Looking at it,
// while the page starts, compiles two validators of JSON Schema itself.
const looking = "addSchema(SCHEMA, 'jupyterlab-plugin-schema')";
const taking = "addSchema(SCHEMA, 'jupyterlab-plugin-schema', undefined, false)";

/** A loader of rspack, for @jupyterlab/settingregistry's module. */
export default function takeSchemaOfSchemas(source) {
  if (source.includes(looking)) return source.replaceAll(looking, taking);
  throw new Error(
    `Cannot build Lab: found no ${looking} in @jupyterlab/settingregistry, expected those that a validator begins with`,
  );
}
