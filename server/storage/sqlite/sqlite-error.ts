// SQLite's result codes in the words of errors.ts. Messages name tables and columns, never values.
import {
  CorruptDatabaseError,
  DatabaseBusyError,
  DatabaseClosedError,
  DiskFullError,
  InvalidRowError,
  UniqueViolationError,
} from "../errors.ts";

const constraint = 19; // strict tables complain by an extended code that libsql has no name for

/** The error as callers know it; what is none of SQLite's comes back as it was. */
export function sqliteError(error: unknown): unknown {
  const { code, rawCode = 0, message } = error as { code?: unknown; rawCode?: number; message?: string };
  if (typeof code !== "string" || !code.includes("SQLITE_")) return closed(error);
  const cause = { cause: error };
  if (code === "SQLITE_CONSTRAINT_UNIQUE" || code === "SQLITE_CONSTRAINT_PRIMARYKEY") return unique(message!, cause);
  if (code.startsWith("SQLITE_CONSTRAINT") || (rawCode & 0xff) === constraint)
    return new InvalidRowError(`Cannot write a row: ${message}`, cause);
  if (code === "SQLITE_FULL" || /disk is full|ENOSPC/.test(message!)) {
    return new DiskFullError("Cannot write to the database: the disk is full", cause);
  }
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) {
    return new DatabaseBusyError("Cannot use the database: another process holds it", cause);
  }
  if (code === "SQLITE_NOTADB" || code.startsWith("SQLITE_CORRUPT")) {
    return new CorruptDatabaseError(`Cannot read the database: ${message}`, cause);
  }
  return error;
}

/** "UNIQUE constraint failed: model.project, model.name" */
function unique(message: string, cause: ErrorOptions): UniqueViolationError {
  const names = message.slice(message.indexOf(": ") + 2).split(", ");
  const table = names[0]?.split(".")[0] ?? "";
  return new UniqueViolationError(
    table,
    names.map((name) => name.slice(name.indexOf(".") + 1)),
    cause,
  );
}

function closed(error: unknown): unknown {
  if (!(error instanceof Error) || !/database connection is not open|The database is closed/i.test(error.message)) {
    return error;
  }
  return new DatabaseClosedError("Cannot use the database: it is closed", { cause: error });
}
