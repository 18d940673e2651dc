// Asks a kernel for its loaded modules after a cell only while it is debugged. JupyterLab asks after every cell of every kernel that
// can be debugged, though nobody debugs it.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Debugger } from "@jupyterlab/debugger";

const ask = Debugger.Service.prototype.displayModules;

/** JupyterLab's plugins take the method when they are activated: it is there before any is. */
Debugger.Service.prototype.displayModules = async function (this: Debugger.Service): Promise<void> {
  if (this.isStarted) await ask.call(this);
};

export const debuggerModules: JupyterFrontEndPlugin<void> = {
  id: "cellwright:debugger-modules",
  description: "Asks for a kernel's modules only while it is debugged",
  autoStart: true,
  activate: () => {},
};
