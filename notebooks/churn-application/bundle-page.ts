// The page's script: TypeScript of the folder `page` as one file for browsers.
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("page/main.ts", import.meta.url))],
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return outputFiles[0]!.text;
}
