// Settings that nobody has changed are not validated while the page starts: compiling two validators for each plugin's schema was
// a seventh of its main thread's work. They are their schema's defaults, also where Lab's plugins have put menus, toolbars and
// shortcuts into the schema; what a user has changed is validated as ever.
import { DefaultSchemaValidator, type ISettingRegistry } from "@jupyterlab/settingregistry";
import { defaultsOf, type SettingSchema } from "./setting-defaults.ts";

/**
 * Before the registry is made.
 *
 * @param isKnown whether the build has read this plugin's schema, and nobody else can have put anything into it
 */
export function takeUnchangedSettings(isKnown: (plugin: ISettingRegistry.IPlugin) => boolean): void {
  const { validateData } = DefaultSchemaValidator.prototype;
  DefaultSchemaValidator.prototype.validateData = function (plugin: ISettingRegistry.IPlugin, populate = true) {
    if (!populate || !isUnchanged(plugin.raw) || !isKnown(plugin)) return validateData.call(this, plugin, populate);
    plugin.data = { composite: defaultsOf(plugin.schema as SettingSchema), user: {} };
    return null;
  };
}

function isUnchanged(raw: string): boolean {
  return /^\s*(\{\s*\})?\s*$/.test(raw);
}
