// Builds the dashboard into dist/web, served under /ui/. Nothing is inlined: the pages' content security policy allows no
// inline script, and Plotly is a chunk of its own that loads with the first plot.
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { compiledAhead, firstScripts } from "./first-scripts.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Plotly's source names Node's global object, and the styles of maps, which we draw none of. */
const plotlyFromSource = {
  define: { global: "globalThis" },
  resolve: { alias: { "maplibre-gl/dist/maplibre-gl.css": here("no-styles.js") } },
};

export default defineConfig({
  root: here("."),
  base: "/ui/",
  plugins: [react(), firstScripts(), compiledAhead()],
  ...plotlyFromSource,
  css: { modules: { localsConvention: "camelCaseOnly" } },
  build: {
    outDir: here("../../dist/web"),
    emptyOutDir: true,
    target: "es2022",
    rollupOptions: {
      output: {
        codeSplitting: {
          // Few files: each costs the browser a task of its own, however small it is.
          groups: [
            {
              name: "ahead", // all that ask-ahead.ts needs
              test: /preload-helper|parts\/(asked-ahead|model-paths|plotly|time-range)\.ts$/,
              priority: 2,
            },
            { name: "shared", minShareCount: 3, priority: 1 },
          ],
        },
      },
      input: { index: here("index.html"), "ask-ahead": here("ask-ahead.ts") },
    },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600, // plotly's own chunk
  },
});
