// A migration: one step forward of the tables, in a transaction of its own. Written by Kysely's schema builder with the
// engine's names of four column types, so that one text makes the tables on each.
import type { Kysely } from "kysely";

export interface Migration {
  /** `0001-first-tables`: they run in the order of their names, once each. */
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a migration sees the tables as they were, not as Tables says they are
  up(db: Kysely<any>, engine: EngineTypes): Promise<void>;
}

/** What an engine calls its types. */
export interface EngineTypes {
  /** Whole numbers to 2^53. */
  readonly integer: "integer" | "bigint";
  readonly real: "real" | "double precision";
  /** A key that counts up by itself. */
  readonly serial: "integer" | "bigserial";
  /** What closes `create table`: strict typing where it has to be asked for. */
  readonly tableOptions: "strict" | "";
}
