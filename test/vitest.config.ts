// Unit tests run the source; `cellwright` is lib/index.ts there. Process tests start what `npm run build` made.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const peers = process.env["CELLWRIGHT_PEERS"] === "1";

export default defineConfig({
  root: here(".."),
  resolve: { alias: { cellwright: here("../lib/index.ts") } },
  test: {
    include: [peers ? "test/peers/**/*.test.ts" : "test/**/*.test.ts"],
    exclude: peers ? [] : ["test/peers/**"],
    testTimeout: peers ? 300_000 : 30_000,
    hookTimeout: peers ? 300_000 : 60_000,
    retry: process.env["CI"] ? 1 : 0, // a loaded machine may miss a time limit once; the report says which test needed it
    expect: { poll: { timeout: 10_000 } }, // one second, the default, is little on a busy machine
    pool: "forks",
    maxWorkers: 2,
  },
});
