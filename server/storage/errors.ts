// What the engines complain of, in one vocabulary, and how an error crosses a thread: by class name, message and plain fields.

/** A row with the same key is there already. */
export class UniqueViolationError extends Error {
  override readonly name = "UniqueViolationError";
  /** "" when the engine does not say. */
  readonly table: string;
  readonly columns: readonly string[];

  constructor(table: string, columns: readonly string[], options?: ErrorOptions) {
    super(`Cannot write to ${table}: found a row with the same ${columns.join(" and ")}, expected a new one`, options);
    this.table = table;
    this.columns = columns;
  }
}

/** A reference to a row that is not there, a missing value, or a value the column does not take. */
export class InvalidRowError extends Error {
  override readonly name = "InvalidRowError";
}

export class DiskFullError extends Error {
  override readonly name = "DiskFullError";
}

/** Somebody else holds the database; a later try may succeed. */
export class DatabaseBusyError extends Error {
  override readonly name = "DatabaseBusyError";
}

/** The file is no database, or is damaged. */
export class CorruptDatabaseError extends Error {
  override readonly name = "CorruptDatabaseError";
}

/** A newer version has changed the tables. */
export class NewerDatabaseError extends Error {
  override readonly name = "NewerDatabaseError";
}

/** The thread or connection that should answer has ended. */
export class DatabaseClosedError extends Error {
  override readonly name = "DatabaseClosedError";
}

/** An error as it crosses a thread. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly table?: string;
  readonly columns?: readonly string[];
}

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: "Error", message: String(error), stack: undefined };
  const { name, message, stack } = error;
  if (error instanceof UniqueViolationError)
    return { name, message, stack, table: error.table, columns: error.columns };
  return { name, message, stack };
}

const own: Readonly<Record<string, new (message: string) => Error>> = {
  InvalidRowError,
  DiskFullError,
  DatabaseBusyError,
  CorruptDatabaseError,
  DatabaseClosedError,
  TypeError,
  RangeError,
};

/** Ours come back in their class; of others the name is kept. */
export function fromWire(wire: WireError): Error {
  const error = remake(wire);
  if (error.name !== wire.name) Object.defineProperty(error, "name", { value: wire.name, configurable: true });
  if (wire.stack) error.stack = wire.stack;
  return error;
}

function remake({ name, message, table, columns }: WireError): Error {
  if (name === "UniqueViolationError") return new UniqueViolationError(table ?? "", columns ?? []);
  return new (own[name] ?? Error)(message);
}
