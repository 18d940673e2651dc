// "Deploy…" on a notebook: its exports are listed, one becomes a REST model through the platform's API. The library does the work
// in a kernel of its own, as a cell would: it knows what a build needs of the notebook's folder.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ICommandPalette, Notification, showErrorMessage, ToolbarButton } from "@jupyterlab/apputils";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import type { Kernel, KernelMessage, ServiceManager } from "@jupyterlab/services";
import { deployIcon } from "../icons.ts";
import { request } from "../request.ts";
import { askWhatToDeploy, type DeployChoice, type Deployed, tellDeployed } from "./deploy-dialog.ts";

const command = "cellwright:deploy";
const resultMime = "application/json";

export const deployCommand: JupyterFrontEndPlugin<void> = {
  id: "cellwright:deploy",
  description: "Makes a REST model of a notebook's exported function",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ICommandPalette],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker, palette: ICommandPalette | null) => {
    app.commands.addCommand(command, {
      label: "Deploy…",
      caption: "Make a REST model of a function that this notebook exports",
      icon: deployIcon,
      isEnabled: () => notebooks.currentWidget !== null,
      execute: () => notebooks.currentWidget && deployFrom(notebooks.currentWidget, app.serviceManager),
    });
    palette?.addItem({ command, category: "Cellwright" });
    notebooks.widgetAdded.connect((_, panel) => {
      const onClick = (): void => void deployFrom(panel, app.serviceManager);
      panel.toolbar.insertBefore(
        "spacer",
        "deploy",
        new ToolbarButton({ label: "Deploy…", icon: deployIcon, onClick }),
      );
    });
  },
};

async function deployFrom({ context }: NotebookPanel, services: ServiceManager.IManager): Promise<void> {
  if (context.model.dirty) await context.save(); // a build is made from the file
  const path = context.path.split("/").map(encodeURIComponent).join("/");
  const { exports } = await request<{ exports: string[] }>(services.serverSettings, `lab/api/exports/${path}`);
  if (exports.length === 0)
    return showErrorMessage(
      "Nothing to deploy",
      "This notebook exports nothing. Write `export { name };` after a function.",
    );
  const choice = await askWhatToDeploy(exports, context.path);
  if (!choice) return;
  const notice = Notification.emit(`Deploying ${choice.name}…`, "in-progress", { autoClose: false });
  try {
    const deployed = await deploy(services.kernels, context.path, choice);
    Notification.update({ id: notice, message: `${choice.name} is deployed.`, type: "success", autoClose: 5000 });
    await tellDeployed(deployed);
  } catch (error) {
    Notification.dismiss(notice);
    await showErrorMessage(`Cannot deploy ${choice.name}`, (error as Error).message);
  }
}

/** @throws Error what the library says of it */
async function deploy(kernels: Kernel.IManager, notebook: string, choice: DeployChoice): Promise<Deployed> {
  const kernel = await kernels.startNew({ name: "cellwright-run" });
  try {
    return await resultOf(kernel, codeFor({ notebook, ...choice }));
  } finally {
    await kernel.shutdown();
    kernel.dispose();
  }
}

function codeFor(options: DeployChoice & { readonly notebook: string }): string {
  return `const { deploy } = await import("cellwright");
const { name, endpoint, accessKey, page, curl, unchanged } = await deploy(${JSON.stringify(options)});
globalThis[Symbol.for("cellwright.display")].send({ "${resultMime}": { name, endpoint, accessKey, page, curl, unchanged } });`;
}

async function resultOf(kernel: Kernel.IKernelConnection, code: string): Promise<Deployed> {
  const future = kernel.requestExecute({ code });
  let found: Deployed | undefined;
  let problem = "the kernel gave no answer";
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "display_data")
      found = (content as KernelMessage.IDisplayDataMsg["content"]).data[resultMime] as unknown as Deployed;
    if (header.msg_type === "error") problem = (content as KernelMessage.IErrorMsg["content"]).evalue;
  };
  await future.done;
  if (found) return found;
  throw new Error(problem);
}
