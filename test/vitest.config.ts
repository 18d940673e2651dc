// Unit tests run the source; `cellwright` is lib/index.ts there. Process tests start what `npm run build` made.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here(".."),
  resolve: { alias: { cellwright: here("../lib/index.ts") } },
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/peers/**"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
