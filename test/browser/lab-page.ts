// JupyterLab as a person works in it: the notebook in front, its cells, its menus and its dialogs.
import type { Locator, Page } from "playwright-core";

export const patient = { timeout: 30_000 };

export interface LabPage {
  /** Cells of the notebook in front, in order. */
  readonly cells: Locator;
  /** A button of its toolbar. */
  tool(command: string): Locator;
  /** Waits until the notebook is there and its kernel has nothing to do. */
  ready(): Promise<void>;
  idle(): Promise<void>;
  chooseFromMenu(menu: string, item: string): Promise<void>;
  answer(dialog: { readonly button: string; readonly text?: string }): Promise<void>;
  /** Types into the last cell. */
  type(source: string): Promise<Locator>;
  /** Runs the last cell with this source by Shift+Enter; Lab puts an empty one behind it. Gives it when it was run. */
  run(source: string): Promise<Locator>;
}

export function labPage(page: Page): LabPage {
  const notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  const cells = notebook.locator(".jp-Notebook .jp-Cell");
  const idle = (): Promise<void> =>
    notebook.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor({ state: "attached", ...patient });

  async function type(source: string): Promise<Locator> {
    const cell = cells.nth((await cells.count()) - 1);
    await cell.locator(".cm-content").click();
    await page.keyboard.insertText(source);
    return cell;
  }

  return {
    cells,
    idle,
    type,
    tool: (command) => notebook.locator(`.jp-Toolbar [data-command="${command}"]`),
    async ready() {
      await page.locator("body[data-lab-state=restored]").waitFor({ state: "attached", ...patient });
      await page.locator(".jp-FileBrowser.jp-mod-restoring").waitFor({ state: "detached", ...patient }); // what the address names is open
      await cells.first().waitFor(patient);
      await idle();
    },
    async chooseFromMenu(menu, item) {
      await page.getByRole("menuitem", { name: menu, exact: true }).click();
      await page.locator(".lm-Menu-item", { has: page.getByText(item, { exact: true }) }).click();
    },
    async answer({ button, text }) {
      const dialog = page.getByRole("dialog");
      if (text !== undefined) await dialog.getByRole("textbox").fill(text);
      await dialog.locator(".jp-Dialog-button", { hasText: new RegExp(`^${button}$`) }).click();
      await dialog.waitFor({ state: "detached", ...patient });
    },
    async run(source) {
      const cell = await type(source);
      await page.keyboard.press("Shift+Enter");
      await cell.locator(".jp-InputPrompt", { hasText: /\[\d+\]/ }).waitFor({ state: "attached", ...patient });
      return cell;
    },
  };
}
