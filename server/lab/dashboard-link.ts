// The mark at the top left: says whose Lab this is and leads back to the dashboard.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { Widget } from "@lumino/widgets";
import { pageOption } from "./page-option.ts";

export const dashboardLink: JupyterFrontEndPlugin<void> = {
  id: "cellwright:dashboard-link",
  description: "Leads back to the dashboard",
  autoStart: true,
  activate: (app: JupyterFrontEnd) => {
    const mark = new Widget({ node: linkTo("/ui/") });
    mark.id = "jp-MainLogo";
    app.shell.add(mark, "top", { rank: 0 });
  },
};

function linkTo(path: string): HTMLElement {
  const link = document.createElement("a");
  link.href = path;
  link.title = "Cellwright dashboard";
  link.style.cssText = "display: flex; align-items: center; padding: 0 4px 0 8px";
  const mark = document.createElement("img");
  mark.src = `${pageOption("fullStaticUrl")}/mark.svg`;
  mark.alt = "Cellwright dashboard";
  mark.width = 18;
  mark.height = 18;
  link.append(mark);
  return link;
}
