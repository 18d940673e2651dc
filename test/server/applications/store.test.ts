import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import { applicationsSuite } from "./applications-suite.ts";

applicationsSuite("SQLite", async () => {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
});
