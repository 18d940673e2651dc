// plotly.js for pages of executed notebooks: as text where a page must stand alone, as an address where this server shows it.
import { readFileSync } from "node:fs";

const file = "plotly-cartesian.min.js";

/** Where the dashboard's files have it. */
export const plotlyPath: string = `/ui/${file}`;

/** @throws Error the pages were not built */
export function plotlyScript(): string {
  const web = new URL(import.meta.url.endsWith(".ts") ? "../dist/web/" : "../web/", import.meta.url);
  return readFileSync(new URL(file, web), "utf8");
}
