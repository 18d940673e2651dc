import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import { monitoringSuite } from "./monitoring-suite.ts";

monitoringSuite("SQLite", async () => {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
});
