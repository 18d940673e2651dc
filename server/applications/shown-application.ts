// An application as the API shows it: its row, and how it is doing.
import type { Application } from "../../lib/contract/application.ts";
import type { ApplicationTable } from "../storage/tables.ts";
import type { SupervisedState } from "./supervisor.ts";

/** `startedAt` is absent of one that has not been started since the server was. */
export type ApplicationState = Omit<SupervisedState, "startedAt"> & { readonly startedAt?: number };

export function shownApplication(row: ApplicationTable, state: ApplicationState, url: string): Application {
  const { status, problem, restarts, startedAt } = state;
  return {
    id: row.id,
    crn: row.crn,
    name: row.name,
    description: row.description,
    file: row.file,
    environment: JSON.parse(row.environment) as Record<string, string>,
    memoryMb: row.memory_mb,
    bypassAuthentication: row.bypass_authentication === 1,
    status,
    problem,
    url,
    restarts,
    ...(startedAt !== undefined && status !== "stopped" && { startedAt }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
