// An option of the page, as the server wrote it into it. Used before JupyterLab's own reader is there.
export function pageOption(name: string): string {
  const element = document.getElementById("jupyter-config-data");
  const options = JSON.parse(element?.textContent ?? "{}") as Record<string, string | undefined>;
  return options[name] ?? "";
}
