// Our icons: lines in the theme's colour.
import { LabIcon } from "@jupyterlab/ui-components";

export const homeIcon = icon("home", "M4 11 12 4l8 7v9h-5v-6H9v6H4z");
export const jobsIcon = icon("jobs", "M8 4v16l12-8zM4 4v16");
export const modelsIcon = icon("models", "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5");
export const applicationsIcon = icon("applications", "M4 5h16v14H4zM4 9h16M7 7h.01M10 7h.01");
export const templateIcon = icon("template", "M6 3h9l4 4v14H6zM9 12h6M9 16h6M14 3v5h5");
export const deployIcon = icon("deploy", "M12 15V4M7 9l5-5 5 5M5 20h14");
export const variablesIcon = icon("variables", "M5 4c-2 5-2 11 0 16M19 4c2 5 2 11 0 16M9 9l6 6M15 9l-6 6");

/** @param path of a drawing 24 units wide and high */
function icon(name: string, path: string): LabIcon {
  const look = 'fill="none" stroke="var(--jp-inverse-layout-color3)" stroke-width="2" stroke-linejoin="round"';
  return new LabIcon({
    name: `cellwright:${name}`,
    svgstr: `<svg xmlns="http://www.w3.org/2000/svg" width="16" viewBox="0 0 24 24"><path ${look} d="${path}"/></svg>`,
  });
}
