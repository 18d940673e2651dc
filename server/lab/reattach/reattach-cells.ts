// After a page's reload, cells that still run, or have ended meanwhile, show what they print in their own place. JupyterLab itself
// forgets them; the server keeps what they say, by the id of the cell.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import type { CodeCell } from "@jupyterlab/cells";
import { INotebookTracker, type NotebookPanel } from "@jupyterlab/notebook";
import type { Kernel, ServerConnection } from "@jupyterlab/services";
import { request } from "../request.ts";
import { type Message, type ReattachedRun, reattachedRun } from "./reattached-run.ts";
import { keepUnsaved } from "./unsaved-changes.ts";

/** As the server gives it. */
interface Execution {
  readonly msg_id: string;
  readonly cell_id: string;
  readonly messages: readonly Message[];
}

type Hear = (sender: unknown, message: Kernel.IAnyMessageArgs) => void;

export const reattachCells: JupyterFrontEndPlugin<void> = {
  id: "cellwright:reattach-cells",
  description: "Shows what cells print that were started before the page was loaded",
  autoStart: true,
  requires: [INotebookTracker],
  activate: ({ serviceManager }, notebooks: INotebookTracker) => {
    const { serverSettings } = serviceManager;
    notebooks.widgetAdded.connect((_, panel) => void reattach(panel, serverSettings).catch(console.error));
  },
};

async function reattach(panel: NotebookPanel, settings: ServerConnection.ISettings): Promise<void> {
  await panel.context.ready;
  keepUnsaved(panel.context);
  await panel.sessionContext.ready;
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) return;
  await connected(kernel);
  const early: Message[] = [];
  const keep: Hear = (_, { msg, direction }) => void (direction === "recv" && early.push(msg));
  kernel.anyMessage.connect(keep); // what comes while the server is asked is not lost
  const address = `lab/api/kernels/${kernel.id}/executions`;
  const executions = await request<Execution[]>(settings, address).finally(() => kernel.anyMessage.disconnect(keep));
  let saves = Promise.resolve(); // one after the other: of two at once, the second would find the first one's file
  for (const execution of executions) {
    const cell = panel.content.widgets.find(({ model }) => model.type === "code" && model.id === execution.cell_id);
    if (!cell) continue;
    const run = goOn(cell as CodeCell, kernel, execution, early);
    void run.ended
      .then(() => {
        const save = () => saved(panel);
        saves = saves.then(save, save); // Lab itself says what one could not do
        return saves;
      })
      .then(() => request(settings, `${address}/${execution.msg_id}`, "DELETE"));
  }
}

/** What was said goes to the cell first, then what comes. */
function goOn(cell: CodeCell, kernel: Kernel.IKernelConnection, execution: Execution, early: Message[]): ReattachedRun {
  const run = reattachedRun(kernel, execution.msg_id);
  const hear: Hear = (_, { msg, direction }) => void (direction === "recv" && run.take(msg));
  const watch = (_: unknown, status: string): void => void (/restarting|dead/.test(status) && run.end());
  cell.outputArea.future = run.future;
  cell.model.executionState = "running";
  kernel.anyMessage.connect(hear);
  kernel.statusChanged.connect(watch);
  void run.ended.then((number) => {
    kernel.anyMessage.disconnect(hear);
    kernel.statusChanged.disconnect(watch);
    if (cell.isDisposed) return;
    cell.model.executionState = "idle";
    if (number !== undefined) cell.model.executionCount = number;
  });
  for (const message of [...execution.messages, ...early]) run.take(message);
  return run;
}

/** Only then may the server forget what the cell said. */
async function saved({ context, isDisposed }: NotebookPanel): Promise<void> {
  if (!isDisposed && context.model.dirty) await context.save();
}

function connected(kernel: Kernel.IKernelConnection): Promise<void> {
  if (kernel.connectionStatus === "connected") return Promise.resolve();
  return new Promise((resolve) => {
    const look = (_: unknown, status: Kernel.ConnectionStatus): void => {
      if (status !== "connected") return;
      kernel.connectionStatusChanged.disconnect(look);
      resolve();
    };
    kernel.connectionStatusChanged.connect(look);
  });
}
