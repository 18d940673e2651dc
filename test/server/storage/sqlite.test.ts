// The embedded engine: the suite of all engines, and what is its own — files, threads, groups.
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import { CorruptDatabaseError, DatabaseClosedError, DiskFullError } from "../../../server/storage/errors.ts";
import { migrations } from "../../../server/storage/migrations/index.ts";
import { finished, temporaryFolder } from "../../support/cli.ts";
import { databaseSuite, ledger } from "./database-suite.ts";

const ownTransactions = new URL("./sqlite-transactions.mjs", import.meta.url);

databaseSuite("SQLite", async () => {
  const folder = temporaryFolder();
  return { url: join(folder.path, "cellwright.db"), remove: async () => folder[Symbol.dispose]() };
});

describe("the embedded engine", () => {
  test("its file is its owner's alone", async () => {
    await using home = await newHome();
    await home.db.transact("insert", { id: "a" });
    for (const name of readdirSync(home.path).filter((file) => file.startsWith("cellwright.db"))) {
      expect(statSync(join(home.path, name)).mode & 0o077, name).toBe(0);
    }
  });

  test("transactions are acknowledged in the order they were asked for", async () => {
    await using home = await newHome();
    const order: number[] = [];
    const asked: Promise<void>[] = [];
    for (let i = 0; i < 300; i++) {
      const name = i % 3 === 0 ? "insert" : "insert-quickly";
      asked.push(home.db.transact(name, { id: `${i}`, hash: `${i}`, expires_at: i }).then(() => void order.push(i)));
      if (i % 50 === 49) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(asked);
    expect(order).toEqual(Array.from({ length: 300 }, (_, i) => i));
  });

  test("arguments that cannot cross a thread fail their caller alone", async () => {
    await using home = await newHome();
    const [good, bad, other] = await Promise.allSettled([
      home.db.transact("insert", { id: "a" }),
      home.db.transact("insert", { id: () => "b" }),
      home.db.transact("insert", { id: "c" }),
    ]);
    expect([good.status, bad.status, other.status]).toEqual(["fulfilled", "rejected", "fulfilled"]);
  });

  test("a value the engine cannot hold is refused, and the writer lives", async () => {
    await using home = await newHome();
    for (const expires_at of [{}, [], Number.NaN, 2n ** 80n]) {
      await expect(home.db.transact("insert-quickly", { id: "a", hash: "a", expires_at })).rejects.toThrow(
        "Cannot bind a value",
      );
    }
    await home.db.transact("insert-quickly", { id: "a", hash: "a", expires_at: true });
    expect(await home.db.query.selectFrom("token").select("expires_at").execute()).toEqual([{ expires_at: 1 }]);
  });

  test("a full disk fails the whole group with a plain line, and room makes it work again", async () => {
    await using home = await newHome([ownTransactions]);
    const pages = await home.db.transact<null, number>("count-pages", null);
    await home.db.transact("limit-pages", pages);
    const outcomes = await Promise.allSettled([
      home.db.transact("insert", { id: "small" }),
      home.db.transact("insert", { id: "large", subject: "x".repeat(100_000) }),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: expect.any(DiskFullError) });
      expect(outcome).toMatchObject({ reason: { message: "Cannot write to the database: the disk is full" } });
    }
    expect(await home.db.query.selectFrom("token").select("id").execute()).toEqual([]);
    await home.db.transact("limit-pages", 1_000_000);
    await home.db.transact("insert", { id: "large", subject: "x".repeat(100_000) });
  });

  test("a query left behind that fails does not end the writer", async () => {
    await using home = await newHome([ownTransactions]);
    const outcomes = await Promise.all([
      home.db.transact("leave-query-behind", {}),
      home.db.transact("insert", { id: "a" }),
    ]);
    expect(outcomes).toEqual([undefined, { inserted: "a" }]);
    await expect(home.db.transact("insert", { id: "b" })).resolves.toEqual({ inserted: "b" });
  });

  test("a writer thread that dies fails what waited for it and is replaced", async () => {
    await using home = await newHome([ownTransactions]);
    const outcomes = await Promise.allSettled([
      home.db.transact("insert", { id: "a" }),
      home.db.transact("end-thread", {}),
    ]);
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: expect.any(DatabaseClosedError) });
    await home.db.transact("insert", { id: "b" });
    expect(await home.db.query.selectFrom("token").select("id").execute()).toEqual([{ id: "b" }]);
  });

  test("a long read left early does not keep the log from being folded into the file", async () => {
    await using home = await newHome();
    const write = (from: number): Promise<unknown> =>
      Promise.all(
        Array.from({ length: 200 }, (_, i) =>
          home.db.transact("insert", { id: `${from + i}`, subject: "x".repeat(2000) }),
        ),
      );
    await write(0);
    for await (const _ of home.db.readLong(home.db.query.selectFrom("token").selectAll().compile(), { pageRows: 5 })) {
      break;
    }
    await write(1000);
    await home.db.close();
    expect(statSync(`${home.file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0);
  });

  test("a migration is preceded by a copy of the file as it was; a new file needs none", async () => {
    await using home = await newHome();
    await home.db.transact("insert", { id: "a" });
    await home.db.close();
    expect(existsSync(join(home.path, "backups"))).toBe(false);
    const later = { name: "9001-empty", up: async () => {} };
    const open = { transactionModules: [ledger], migrations: [...migrations, later] };
    await (await openDatabase({ url: home.file, ...open })).close();
    const copies = readdirSync(join(home.path, "backups"));
    expect(copies).toEqual([expect.stringMatching(new RegExp(`^cellwright-${migrations.at(-1)!.name}-.*\\.db$`))]);
    const copy = await openDatabase({ url: join(home.path, "backups", copies[0]!), transactionModules: [ledger] });
    expect(await copy.query.selectFrom("token").select("id").execute()).toEqual([{ id: "a" }]);
    await copy.close();
  });

  test("opening a file a second time does not drop the locks of the first", async () => {
    await using home = await newHome();
    await home.db.transact("insert", { id: "a" });
    await (await openDatabase({ url: home.file, transactionModules: [ledger] })).close();
    // Leaving the log behind needs the file to oneself: with its locks gone, another process would be let.
    const script = `import Libsql from "libsql";
      const db = new Libsql(process.argv[1]);
      try { db.prepare("pragma journal_mode = delete").all(); console.log("alone"); } catch (error) { console.log(error.code); }`;
    const { stdout } = await finished(process.execPath, ["--input-type=module", "-e", script, home.file]);
    expect(stdout.trim()).toBe("SQLITE_BUSY");
  });

  test("a file that is no database is refused and left as it is", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "cellwright.db");
    writeFileSync(file, "x".repeat(10_000));
    await expect(openDatabase({ url: file, transactionModules: [] })).rejects.toBeInstanceOf(CorruptDatabaseError);
    expect(statSync(file).size).toBe(10_000);
  });

  test("a name declared by two modules, and a module without transactions, are refused at the start", async () => {
    using folder = temporaryFolder();
    const url = join(folder.path, "cellwright.db");
    await expect(openDatabase({ url, transactionModules: [ledger, ledger] })).rejects.toThrow(
      'Cannot load transaction "insert": found two, expected one',
    );
    const none = new URL("../../../server/storage/tables.ts", import.meta.url);
    await expect(openDatabase({ url, transactionModules: [none] })).rejects.toThrow('found no export "transactions"');
  });
});

interface Home extends AsyncDisposable {
  readonly path: string;
  readonly file: string;
  readonly db: Database;
}

async function newHome(modules: readonly URL[] = []): Promise<Home> {
  const folder = temporaryFolder();
  const file = join(folder.path, "cellwright.db");
  const db = await openDatabase({ url: file, transactionModules: [ledger, ...modules] });
  return {
    path: folder.path,
    file,
    db,
    async [Symbol.asyncDispose]() {
      await db.close();
      folder[Symbol.dispose]();
    },
  };
}
