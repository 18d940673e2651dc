// Starts JupyterLab with the plugins of the build, less those that the page switches off. In the order that JupyterLab needs:
// registry, then service manager, then the application.
import { JupyterLab } from "@jupyterlab/application";
import { PageConfig } from "@jupyterlab/coreutils";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import { IConnectionStatus, IServiceManager } from "@jupyterlab/services";
import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import { type IPlugin, PluginRegistry } from "@lumino/coreutils";
import { loadFederated, type SharedModule } from "./federated-extensions.ts";
import { takeUnchangedSettings } from "./unchanged-settings.ts";

// biome-ignore lint/suspicious/noExplicitAny: a plugin of any application and service, as JupyterLab's registry takes them
type Plugin = IPlugin<any, any>;
type Renderer = IRenderMime.IExtension;

export interface LabParts {
  /** What each package exports: a plugin, or several. */
  readonly plugins: readonly (Plugin | readonly Plugin[])[];
  readonly renderers: readonly (Renderer | readonly Renderer[])[];
  /** Packages that prebuilt extensions share with the page, by name. */
  readonly shared: Readonly<Record<string, SharedModule>>;
}

export async function startLab(parts: LabParts): Promise<void> {
  const federated = await loadFederated(parts.shared);
  const plugins = [...parts.plugins.flat(), ...federated.plugins] as Plugin[];
  const renderers = [...parts.renderers.flat(), ...federated.renderers] as Renderer[];
  const isOff = ({ id }: { readonly id: string }): boolean => PageConfig.Extension.isDisabled(id);
  takeUnchangedSettings(({ id, schema }) => isAsBuilt(id, schema, federated.names));
  const pluginRegistry = new PluginRegistry();
  pluginRegistry.registerPlugins(plugins.filter((plugin) => !isOff(plugin)));
  const connectionStatus = (await pluginRegistry.resolveOptionalService(IConnectionStatus)) ?? undefined;
  const serviceManager = await pluginRegistry.resolveRequiredService(IServiceManager);
  const lab = new JupyterLab({
    pluginRegistry,
    serviceManager,
    ...(connectionStatus && { connectionStatus }),
    mimeExtensions: renderers.filter((renderer) => !isOff(renderer)) as unknown as IRenderMime.IExtensionModule[], // it takes both
    disabled: { matches: [...plugins, ...renderers].filter(isOff).map(({ id }) => id), patterns: [] },
    deferred: { matches: [], patterns: [] },
    availablePlugins: [...plugins, ...renderers].map((plugin) => describe(plugin, !isOff(plugin))),
  });
  await lab.start({ bubblingKeydown: true });
  await lab.restored;
  performance.mark("lab-restored");
  document.body.dataset["labState"] = "restored";
}

/** Plugins put menus, toolbars and shortcuts into each other's settings: with foreign ones among them anything may stand there. */
function isAsBuilt(id: string, schema: ISettingRegistry.ISchema, foreign: readonly string[]): boolean {
  if (foreign.some((name) => id.startsWith(`${name}:`))) return false;
  return foreign.length === 0 || !schema["jupyter.lab.transform"];
}

function describe(plugin: Plugin | Renderer, enabled: boolean) {
  const { id, requires = [], optional = [], provides = null, autoStart } = plugin as Plugin;
  const { description = "" } = plugin as { readonly description?: string };
  const [extension = id] = id.split(":");
  return { id, description, requires, optional, provides, autoStart, enabled, extension };
}
