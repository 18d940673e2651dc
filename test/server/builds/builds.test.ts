import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import { buildsSuite } from "./builds-suite.ts";

buildsSuite("SQLite", async () => {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
});
