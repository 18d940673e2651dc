import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import { jobsSuite } from "./jobs-suite.ts";

jobsSuite("SQLite", async () => {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
});
