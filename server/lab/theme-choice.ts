// A theme that is chosen is shown. While Lab follows the system's colours, as it does by default here, JupyterLab's command only
// stops following when a theme is chosen; it is called again then.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { IThemeManager } from "@jupyterlab/apputils";

const command = "apputils:change-theme";

export const themeChoice: JupyterFrontEndPlugin<void> = {
  id: "cellwright:theme-choice",
  description: "Shows the theme that is chosen, also when the system's was followed",
  autoStart: true,
  requires: [IThemeManager],
  activate: ({ commands }: JupyterFrontEnd, themes: IThemeManager) => {
    let isAgain = false;
    commands.commandExecuted.connect((_, { id, args, result }) => {
      if (id !== command) return;
      if (isAgain) isAgain = false;
      else
        void result.then(splashGone).then(() => {
          if (themes.theme === args["theme"]) return;
          isAgain = true;
          void commands.execute(command, args);
        });
    });
  },
};

/** JupyterLab covers the page while it loads a theme, and fails to take the cover off when another is loaded meanwhile. */
function splashGone(): Promise<void> {
  const isGone = (): boolean => !document.getElementById("jupyterlab-splash");
  if (isGone()) return Promise.resolve();
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      if (!isGone()) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(document.body, { childList: true });
  });
}
