// Runs a cell as JupyterLab does, but not before the notebook has its kernel: JupyterLab itself drops, without a word, what is run
// in the moment between a notebook's opening and its kernel's start.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { INotebookCellExecutor, runCell } from "@jupyterlab/notebook";

export const cellExecutor: JupyterFrontEndPlugin<INotebookCellExecutor> = {
  id: "cellwright:cell-executor",
  description: "Runs cells once their kernel is there",
  autoStart: true,
  provides: INotebookCellExecutor,
  activate: () =>
    Object.freeze({
      async runCell(options: INotebookCellExecutor.IRunCellOptions): Promise<boolean> {
        const { cell, sessionContext } = options;
        if (cell.model.type === "code" && sessionContext && !sessionContext.isReady) await sessionContext.initialize();
        return runCell(options);
      },
    }),
};
