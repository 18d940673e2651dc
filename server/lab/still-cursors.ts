// A cursor that is put where it stands already stays untouched. JupyterLab does it to each editor of a notebook when another cell
// becomes the active one, and each then measures itself, for which the browser lays out its cell also out of sight.
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { CodeMirrorEditor } from "@jupyterlab/codemirror";

export const stillCursors: JupyterFrontEndPlugin<void> = {
  id: "cellwright:still-cursors",
  description: "Leaves alone the editors whose cursor stays",
  autoStart: true,
  activate: () => {
    const move = CodeMirrorEditor.prototype.setCursorPosition;
    CodeMirrorEditor.prototype.setCursorPosition = function (this: CodeMirrorEditor, position, options = {}): void {
      const { ranges, main } = this.editor.state.selection;
      const stays = ranges.length === 1 && main.empty && main.head === this.getOffsetAt(position);
      if (!stays || options.scroll !== false) move.call(this, position, options);
      else if (!this.hasFocus()) this.model.selections.set(this.uuid, this.getSelections());
    };
  },
};
