// On a phone the side bars are folded at the start, so that the notebook has the width.
import { ILabShell, type JupyterFrontEnd, type JupyterFrontEndPlugin } from "@jupyterlab/application";

/** Where the dashboard folds its navigation, too. */
const narrowPx = 600;

export const narrowWindow: JupyterFrontEndPlugin<void> = {
  id: "cellwright:narrow-window",
  description: "Folds the side bars of a narrow window",
  autoStart: true,
  requires: [ILabShell],
  activate: (app: JupyterFrontEnd, shell: ILabShell) => {
    void app.restored.then(() => {
      if (window.innerWidth >= narrowPx) return;
      shell.collapseLeft();
      shell.collapseRight();
    });
  },
};
