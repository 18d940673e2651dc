import { join } from "node:path";
import { temporaryFolder } from "../../support/cli.ts";
import type { Place } from "../storage/database-suite.ts";
import { laterMetricsSuite, retentionSuite } from "./later-metrics-suite.ts";
import { monitoringSuite } from "./monitoring-suite.ts";

async function newPlace(): Promise<Place> {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
}

monitoringSuite("SQLite", newPlace);
laterMetricsSuite("SQLite", newPlace);
retentionSuite("SQLite", newPlace);
