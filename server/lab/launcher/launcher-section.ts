// The launcher's section "Cellwright": notebooks to begin with, and the dashboard's pages.
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from "@jupyterlab/application";
import { ILauncher } from "@jupyterlab/launcher";
import type { Contents } from "@jupyterlab/services";
import type { LabIcon } from "@jupyterlab/ui-components";
import { applicationsIcon, homeIcon, jobsIcon, modelsIcon, templateIcon } from "../icons.ts";
import { notebookOf, type Template, templates } from "./templates.ts";

const category = "Cellwright";

const pages: readonly { readonly label: string; readonly path: string; readonly icon: LabIcon }[] = [
  { label: "Dashboard", path: "/ui/", icon: homeIcon },
  { label: "Jobs", path: "/ui/jobs", icon: jobsIcon },
  { label: "Models", path: "/ui/models", icon: modelsIcon },
  { label: "Applications", path: "/ui/applications", icon: applicationsIcon },
];

export const launcherSection: JupyterFrontEndPlugin<void> = {
  id: "cellwright:launcher-section",
  description: "Offers new notebooks from templates, and the dashboard's pages",
  autoStart: true,
  requires: [ILauncher],
  activate: (app: JupyterFrontEnd, launcher: ILauncher) => {
    const add = (id: string, rank: number, command: Parameters<typeof app.commands.addCommand>[1]): void => {
      app.commands.addCommand(id, command);
      launcher.add({ command: id, category, rank, categoryRank: 2 });
    };
    for (const [index, template] of templates.entries())
      add(`cellwright:new-${template.name}`, index, {
        label: template.label,
        caption: template.caption,
        icon: templateIcon,
        execute: ({ cwd }) => open(app, template, typeof cwd === "string" ? cwd : ""),
      });
    for (const [index, { label, path, icon }] of pages.entries())
      add(`cellwright:open-${label.toLowerCase()}`, templates.length + index, {
        label,
        caption: `${label}: opens in another tab`,
        icon,
        execute: () => void window.open(path, "_blank", "noopener"),
      });
  },
};

/** @returns the opened notebook, which takes the launcher's place */
async function open({ commands, serviceManager }: JupyterFrontEnd, template: Template, folder: string) {
  const path = await makeFile(serviceManager.contents, template, folder);
  return commands.execute("docmanager:open", { path });
}

/** Under the template's name, with a number when it is taken. */
async function makeFile(contents: Contents.IManager, template: Template, folder: string): Promise<string> {
  const { content } = await contents.get(folder);
  const taken = new Set((content as Contents.IModel[]).map(({ name }) => name));
  let name = `${template.name}.ipynb`;
  for (let number = 2; taken.has(name); number++) name = `${template.name}-${number}.ipynb`;
  const path = folder ? `${folder}/${name}` : name;
  await contents.save(path, { type: "notebook", format: "json", content: notebookOf(template) });
  return path;
}
