// All migrations, in order. A released one never changes: what is wrong with it is put right by the next.
import { firstTables } from "./0001-first-tables.ts";
import { jobs } from "./0002-jobs.ts";
import { monitoringTables } from "./0003-monitoring.ts";
import { applications } from "./0004-applications.ts";
import type { Migration } from "./migration.ts";

export const migrations: readonly Migration[] = [firstTables, jobs, monitoringTables, applications];
