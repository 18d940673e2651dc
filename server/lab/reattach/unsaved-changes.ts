// JupyterLab takes a notebook for saved when a save ends, also what changed while the save was under way.
import type { NotebookPanel } from "@jupyterlab/notebook";

/** What changes during a save stays unsaved, so that the next save has it. */
export function keepUnsaved({ model, saveState }: NotebookPanel["context"]): void {
  let changed = false;
  model.contentChanged.connect(() => {
    changed = true;
  });
  saveState.connect((_, state) => {
    if (state === "started") changed = false;
    if (state === "completed" && changed) model.dirty = true;
  });
}
