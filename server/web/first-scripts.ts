// What the build adds to the page's head ahead of all other scripts, and how V8 is told to read them.
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const colourScheme = new URL("colour-scheme.js", import.meta.url);
const application = '<script type="module"';

/** The colour scheme before the first paint, and a module that needs next to nothing: it runs while the others are still read. */
export function firstScripts(): Plugin {
  return {
    name: "first-scripts",
    buildStart() {
      this.addWatchFile(colourScheme.pathname);
      this.emitFile({ type: "asset", name: "colour-scheme.js", source: readFileSync(colourScheme) });
    },
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle = {} }) {
        const files = Object.values(bundle);
        const scheme = files.find((file) => file.type === "asset" && file.names.includes("colour-scheme.js"));
        const ahead = files.find((file) => file.type === "chunk" && file.name === "ask-ahead");
        if (!scheme || !ahead) throw new Error("Cannot build the pages: found no colour-scheme.js or no ask-ahead.ts");
        const tags = [
          `<script src="/ui/${scheme.fileName}"></script>`,
          `<script type="module" async crossorigin src="/ui/${ahead.fileName}"></script>`,
        ];
        return html.replace(application, `${tags.join("\n    ")}\n    ${application}`);
      },
    },
  };
}

/**
 * A page calls most of what it loads, so functions are compiled as the file comes in, beside the main thread, rather than one by
 * one when they are first called. A comment to browsers that do not know it (V8's explicit compile hints).
 */
export function compiledAhead(): Plugin {
  return {
    name: "compiled-ahead",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type === "chunk") file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
        }
      },
    },
  };
}
