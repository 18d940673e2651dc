// The mark beside an output that folds it, drawn once the output has its size. JupyterLab asks for the height at every change of an
// output, and each time the browser lays out the page anew, also of cells that are out of sight: the most of a long "Run All".
import type { JupyterFrontEndPlugin } from "@jupyterlab/application";
import { CodeCell } from "@jupyterlab/cells";

const overlayClass = "jp-OutputArea-promptOverlay";

export const promptOverlay: JupyterFrontEndPlugin<void> = {
  id: "cellwright:prompt-overlay",
  description: "Draws the marks that fold outputs when these are laid out",
  autoStart: true,
  activate: () => {
    const draw = CodeCell.prototype.updatePromptOverlayIcon;
    const cells = new WeakMap<Element, CodeCell>();
    const sizes = new ResizeObserver((entries) => {
      for (const { target } of entries) {
        const cell = cells.get(target)!;
        if (!cell.isDisposed) draw.call(cell);
      }
    });
    CodeCell.prototype.updatePromptOverlayIcon = function (this: CodeCell): void {
      const [overlay] = this.node.getElementsByClassName(overlayClass);
      if (!overlay) return;
      cells.set(overlay, this);
      sizes.unobserve(overlay); // observed anew it is told of even when its size stays
      sizes.observe(overlay);
    };
  },
};
