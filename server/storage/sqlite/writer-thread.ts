// The one thread that writes. It takes whatever has arrived, runs each transaction in its own savepoint, commits once and
// acknowledges; meanwhile the next group gathers in the port. No timer: the slower the disk, the larger the groups.
import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { Kysely, SqliteDialect } from "kysely";
import { toWire, type WireError } from "../errors.ts";
import type { Tables } from "../tables.ts";
import { bind, isPrepared, loadTransactions, type Transaction, type TransactionFunction } from "../transaction.ts";
import { type Connection, openConnection } from "./connection.ts";

export interface WriterData {
  readonly file: string;
  readonly modules: readonly string[];
}

/** Name and arguments of one transaction. */
export type Unit = readonly [name: string, args: unknown];
/** What came of it; undefined: done, without a result. */
export type Outcome = undefined | { readonly value: unknown } | { readonly error: WireError };
/** To the writer: a batch of units, or null to end. */
export type ToWriter = readonly Unit[] | null;
/** From the writer: "ready", then one outcome list a batch, in the order of the batches; null when all went without a result. */
export type FromWriter = "ready" | readonly (readonly Outcome[] | null)[];

type Run = (args: unknown) => Outcome | Promise<Outcome>;

const { file, modules } = workerData as WriterData;
const port = parentPort as MessagePort;
const connection = openConnection(file);
const begin = connection.prepare("begin immediate");
const commit = connection.prepare("commit");
const rollback = connection.prepare("rollback");
const savepoint = connection.prepare("savepoint unit");
const release = connection.prepare("release unit");
const undo = connection.prepare("rollback to unit");
const compiler = kyselyOver(connection);
const runs = new Map([...(await loadTransactions(modules))].map(([name, one]) => [name, runOf(one)]));

const arrived: (readonly Unit[])[] = [];
let working = false;
let ending = false;
port.on("message", (message: ToWriter) => {
  take(message);
  if (!working) work().catch(giveUp);
});
// A query nobody awaits may fail after its transaction; that must not end the writer of all others.
process.on("unhandledRejection", (reason) => process.emitWarning(`A transaction left a query behind: ${reason}`));
port.postMessage("ready" satisfies FromWriter);

async function work(): Promise<void> {
  working = true;
  for (let batches = drained(); batches.length > 0; batches = drained()) {
    const outcomes = await commitGroup(batches.flat());
    acknowledge(batches, outcomes);
  }
  working = false;
  if (!ending) return;
  try {
    connection.prepare("pragma wal_checkpoint(truncate)").all([]);
    connection.close();
  } finally {
    port.close();
  }
}

/** What is left when even undoing fails: this thread ends, its starter fails what waits and starts another. */
function giveUp(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}

function take(message: ToWriter): void {
  if (message) arrived.push(message);
  else ending = true;
}

function drained(): (readonly Unit[])[] {
  for (let more = receiveMessageOnPort(port); more; more = receiveMessageOnPort(port)) take(more.message);
  return arrived.splice(0);
}

/** One commit for all units; when it fails, or the engine has given up the group, all of them fail. */
async function commitGroup(units: readonly Unit[]): Promise<Outcome[]> {
  try {
    begin.run([]);
    const outcomes: Outcome[] = [];
    for (const [name, args] of units) {
      const outcome = (runs.get(name) ?? unknown(name))(args);
      outcomes.push(outcome instanceof Promise ? await outcome : outcome);
      if (!connection.inTransaction) throw lost(outcomes.at(-1));
    }
    commit.run([]);
    return outcomes;
  } catch (error) {
    if (connection.inTransaction) rollback.run([]);
    const failed: Outcome = { error: toWire(error) };
    return units.map(() => failed);
  }
}

function acknowledge(batches: readonly (readonly Unit[])[], outcomes: readonly Outcome[]): void {
  let at = 0;
  const perBatch = batches.map(({ length }) => {
    const its = outcomes.slice(at, (at += length));
    return its.every((outcome) => outcome === undefined) ? null : its;
  });
  port.postMessage(perBatch satisfies FromWriter);
}

function runOf(transaction: Transaction): Run {
  if (!isPrepared(transaction)) return (args) => runFunction(transaction, args);
  const { sql, parameters } = transaction.compile(compiler).compile();
  const statement = connection.prepare(sql);
  // One statement is undone as a whole when it fails: it needs no savepoint.
  return (args) => {
    try {
      statement.run(bind(parameters, args));
      return undefined;
    } catch (error) {
      return { error: toWire(error) };
    }
  };
}

async function runFunction(transaction: TransactionFunction, args: unknown): Promise<Outcome> {
  savepoint.run([]);
  const gate = { open: true };
  try {
    const value = structuredClone(await transaction(kyselyOver(connection, gate), args)); // what cannot cross fails here
    release.run([]);
    return value === undefined ? undefined : { value };
  } catch (error) {
    if (connection.inTransaction) {
      undo.run([]);
      release.run([]);
    }
    return { error: toWire(error) };
  } finally {
    gate.open = false;
  }
}

/** A query that a transaction forgot to await must not run in the next one: the gate closes behind each. */
function kyselyOver(connection: Connection, gate = { open: true }): Kysely<Tables> {
  const prepare: Connection["prepare"] = (sql) => {
    if (!gate.open) throw new Error("Cannot run a query: its transaction has ended");
    return connection.prepare(sql);
  };
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: { prepare, close() {} } }) });
}

function unknown(name: string): Run {
  return () => ({ error: toWire(new TypeError(`Cannot run transaction "${name}": no module declares it`)) });
}

/** The engine ends a transaction by itself when the disk is full or fails. */
function lost(outcome: Outcome): Error {
  const why = outcome && "error" in outcome ? outcome.error : undefined;
  return Object.assign(new Error(why?.message ?? "Cannot commit: a transaction ended the group it ran in"), {
    ...(why && { name: why.name }),
  });
}
