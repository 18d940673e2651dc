// Settings that nobody has changed are not validated while the page starts: compiling two validators for each plugin's schema was
// a seventh of its main thread's work. The build has filled in their defaults; what a user has changed, and what plugins transform, is validated as ever.
import { DefaultSchemaValidator, type ISettingRegistry } from "@jupyterlab/settingregistry";
import { JSONExt, type PartialJSONObject } from "@lumino/coreutils";

/** As the server lists them; without `defaults` where the build could not tell them. */
type PreparedPlugin = ISettingRegistry.IPlugin & { readonly defaults?: PartialJSONObject };

/** Before the registry is made. */
export function takePreparedSettings(): void {
  const { validateData } = DefaultSchemaValidator.prototype;
  DefaultSchemaValidator.prototype.validateData = function (plugin: PreparedPlugin, populate = true) {
    const { defaults, raw } = plugin;
    if (!populate || !defaults || !isUnchanged(raw)) return validateData.call(this, plugin, populate);
    plugin.data = { composite: JSONExt.deepCopy(defaults), user: {} };
    return null;
  };
}

function isUnchanged(raw: string): boolean {
  return /^\s*(\{\s*\})?\s*$/.test(raw);
}
