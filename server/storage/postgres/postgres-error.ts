// Postgres's SQLSTATE codes in the words of errors.ts. Messages name tables and columns, never values.
import {
  DatabaseBusyError,
  DatabaseClosedError,
  DiskFullError,
  InvalidRowError,
  UniqueViolationError,
} from "../errors.ts";

interface PostgresError {
  readonly code?: unknown;
  readonly message: string;
  readonly detail?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

/** Two transactions that could not both come first: each may be tried again. */
export function isRetryable(error: unknown): boolean {
  const { code } = codeOf(error);
  return code === "40001" || code === "40P01";
}

/** The error as callers know it; what is none of Postgres's comes back as it was. */
export function postgresError(error: unknown): unknown {
  const { code, message, detail, table = "", column, constraint } = codeOf(error);
  if (typeof code !== "string") return error;
  const cause = { cause: error };
  if (code === "23505") return new UniqueViolationError(table, keyColumns(detail), cause);
  if (code.startsWith("23") || code.startsWith("22")) {
    const where = [table, column, constraint].filter(Boolean).join(" ");
    return new InvalidRowError(`Cannot write a row: ${where || "a column"} does not take the value`, cause);
  }
  if (code === "53100") return new DiskFullError("Cannot write to the database: the disk is full", cause);
  if (code === "25006") return new InvalidRowError("Cannot write through a read: use a transaction", cause);
  if (code === "55P03" || code === "53300") {
    return new DatabaseBusyError(`Cannot use the database: ${message}`, cause);
  }
  if (/^(08|57P)/.test(code) || /^E[A-Z]+$/.test(code)) {
    return new DatabaseClosedError(`Cannot reach the database: ${message || code}`, cause);
  }
  return error;
}

function codeOf(error: unknown): PostgresError {
  return (error ?? {}) as PostgresError;
}

/** "Key (project, name)=(…) already exists." */
function keyColumns(detail = ""): string[] {
  const [, names = ""] = /^Key \(([^)]*)\)=/.exec(detail) ?? [];
  return names.split(", ").map((name) => name.replaceAll('"', ""));
}
