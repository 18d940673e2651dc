import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import { deploymentsSuite } from "./deployments-suite.ts";

deploymentsSuite("SQLite", async () => {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
});
