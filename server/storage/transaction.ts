// How a room declares its transactions, without knowing the engine they run on: a function over Kysely, or, for the hot path,
// one statement that is compiled once.
import type { Compilable, Kysely } from "kysely";
import type { Tables } from "./tables.ts";

export type TransactionName = string;

/** Reads and writes through `tx` and awaits nothing else; its result must be plain data. A throw undoes all it did. */
// biome-ignore lint/suspicious/noExplicitAny: each transaction has its own arguments; the caller of `transact` names them
export type TransactionFunction = (tx: Kysely<Tables>, args: any) => Promise<unknown>;

/** One statement, compiled once per process; the arguments go straight into its placeholders. Its result is undefined. */
export interface PreparedTransaction {
  readonly compile: (tx: Kysely<Tables>) => Compilable;
}

export type Transaction = TransactionFunction | PreparedTransaction;
export type Transactions = Readonly<Record<TransactionName, Transaction>>;

/** Marks what stands in the statement for the argument of a name; a symbol, for a module may be loaded twice in a process. */
const slotSymbol = Symbol.for("cellwright.slot");

/**
 * A transaction of one insert, update or delete, for what happens thousands of times a second.
 *
 * @example
 * prepared<{ id: string; at: number }>((tx, arg) => tx.insertInto("seen").values({ id: arg("id"), at: arg("at") }))
 */
export function prepared<A>(
  write: (tx: Kysely<Tables>, arg: <K extends keyof A>(name: K) => A[K]) => Compilable,
): PreparedTransaction {
  const slot = <K extends keyof A>(name: K): A[K] => ({ [slotSymbol]: name }) as A[K];
  return { compile: (tx) => write(tx, slot) };
}

/** The values of a compiled statement: its constants, and of the arguments what its slots name. */
export function bind(parameters: readonly unknown[], args: unknown): unknown[] {
  const values = new Array<unknown>(parameters.length);
  for (let i = 0; i < parameters.length; i++) {
    const name = slotOf(parameters[i]);
    values[i] = name === undefined ? parameters[i] : (args as Record<PropertyKey, unknown>)[name];
  }
  return values;
}

function slotOf(parameter: unknown): PropertyKey | undefined {
  return typeof parameter === "object" && parameter !== null
    ? (parameter as { [slotSymbol]?: PropertyKey })[slotSymbol]
    : undefined;
}

export function isPrepared(transaction: Transaction): transaction is PreparedTransaction {
  return typeof transaction !== "function";
}

/**
 * The transactions of several modules as one table.
 *
 * @throws TypeError a module declares none, or two declare one name
 */
export async function loadTransactions(modules: readonly string[]): Promise<Map<TransactionName, Transaction>> {
  const all = new Map<TransactionName, Transaction>();
  for (const url of modules) {
    const { transactions } = (await import(url)) as { transactions?: Transactions };
    if (!transactions) throw new TypeError(`Cannot load the transactions of ${url}: found no export "transactions"`);
    for (const [name, transaction] of Object.entries(transactions)) {
      if (all.has(name)) throw new TypeError(`Cannot load transaction "${name}": found two, expected one`);
      all.set(name, transaction);
    }
  }
  return all;
}
