// A side bar with what the cells have declared: name, type, size and a glance, told anew by the kernel after each cell.
import { ILayoutRestorer, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { ISessionContext } from "@jupyterlab/apputils";
import { INotebookTracker } from "@jupyterlab/notebook";
import type { Kernel } from "@jupyterlab/services";
import { variablesIcon } from "../icons.ts";
import { type Variable, VariableTable } from "./variable-table.ts";

const target = "cellwright.variables";

export const variableInspector: JupyterFrontEndPlugin<void> = {
  id: "cellwright:variable-inspector",
  description: "Lists the variables of the notebook in front",
  autoStart: true,
  requires: [INotebookTracker],
  optional: [ILayoutRestorer],
  activate: (app: JupyterFrontEnd, notebooks: INotebookTracker, restorer: ILayoutRestorer | null) => {
    const table = new VariableTable();
    table.id = "cellwright-variables";
    table.title.icon = variablesIcon;
    table.title.caption = "Variables";
    app.shell.add(table, "right", { rank: 700 });
    restorer?.add(table, table.id);
    let leave = (): void => {};
    notebooks.currentChanged.connect((_, panel) => {
      leave();
      leave = panel ? follow(panel.sessionContext, table) : () => {};
      if (!panel) table.say("Open a notebook to see its variables.");
    });
  },
};

/** Asks each kernel that the notebook gets, and again when it starts afresh. @returns what stops it */
function follow(context: ISessionContext, table: VariableTable): () => void {
  let kernel: Kernel.IKernelConnection | null = null;
  let comm: Kernel.IComm | undefined;

  function ask(): void {
    close();
    kernel = context.session?.kernel ?? null;
    if (!kernel) return void table.say("The notebook has no kernel yet.");
    if (!kernel.name.startsWith("cellwright"))
      return void table.say(`The kernel ${kernel.name} does not tell its variables.`);
    comm = kernel.createComm(target);
    comm.onMsg = ({ content }) => table.list((content.data as unknown as { variables: Variable[] }).variables);
    void comm.open().done.catch(() => {}); // of a kernel that ends meanwhile: the next one is asked
  }

  function close(): void {
    if (comm && !comm.isDisposed && kernel && !kernel.isDisposed) void comm.close().done.catch(() => {});
    comm = undefined;
  }

  /** A kernel that starts afresh has forgotten who asked. */
  const onStatus = (_: unknown, status: Kernel.Status): void => {
    if (/restarting$/.test(status)) comm = undefined;
    else if (status === "idle" && !comm) ask();
  };
  context.kernelChanged.connect(ask);
  context.statusChanged.connect(onStatus);
  ask();
  return () => {
    context.kernelChanged.disconnect(ask);
    context.statusChanged.disconnect(onStatus);
    close();
  };
}
