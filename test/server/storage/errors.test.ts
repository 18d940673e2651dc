import { describe, expect, test } from "vitest";
import { DiskFullError, fromWire, toWire, UniqueViolationError } from "../../../server/storage/errors.ts";
import { postgresError } from "../../../server/storage/postgres/postgres-error.ts";
import { sqliteError } from "../../../server/storage/sqlite/sqlite-error.ts";

const thrown = (error: Error): Error => fromWire(structuredClone(toWire(error)));

describe("an error across a thread", () => {
  test("ours keep class and fields", () => {
    const error = thrown(new UniqueViolationError("model", ["project", "name"]));
    expect(error).toBeInstanceOf(UniqueViolationError);
    expect(error).toMatchObject({ table: "model", columns: ["project", "name"] });
    expect(error.message).toBe("Cannot write to model: found a row with the same project and name, expected a new one");
    expect(thrown(new DiskFullError("full"))).toBeInstanceOf(DiskFullError);
    expect(thrown(new RangeError("no"))).toBeInstanceOf(RangeError);
  });

  test("others keep name, message and stack", () => {
    const stranger = Object.assign(new Error("gone"), { name: "NotFoundError" });
    const error = thrown(stranger);
    expect(error).toBeInstanceOf(Error);
    expect({ name: error.name, message: error.message, stack: error.stack }).toEqual({
      name: "NotFoundError",
      message: "gone",
      stack: stranger.stack,
    });
    expect(thrown("just text" as unknown as Error).message).toBe("just text");
  });
});

describe("what an engine complains of", () => {
  const sqlite = (code: string, message: string): unknown => sqliteError(Object.assign(new Error(message), { code }));
  const postgres = (code: string, more: object = {}): unknown =>
    postgresError(Object.assign(new Error("a message with a secret value"), { code, ...more }));

  test("a taken key is named alike by both, without its value", () => {
    const expected = { name: "UniqueViolationError", table: "model", columns: ["project", "name"] };
    expect(sqlite("SQLITE_CONSTRAINT_UNIQUE", "UNIQUE constraint failed: model.project, model.name")).toMatchObject(
      expected,
    );
    const detail = "Key (project, name)=(default, secret) already exists.";
    const error = postgres("23505", { detail, table: "model" });
    expect(error).toMatchObject(expected);
    expect((error as Error).message).not.toContain("secret");
  });

  test.each([
    [sqlite("SQLITE_FULL", "database or disk is full"), "DiskFullError"],
    [sqlite("SQLITE_IOERR_WRITE", "disk is full"), "DiskFullError"],
    [sqlite("SQLITE_BUSY", "database is locked"), "DatabaseBusyError"],
    [sqlite("SQLITE_CORRUPT", "malformed"), "CorruptDatabaseError"],
    [sqlite("SQLITE_CONSTRAINT_FOREIGNKEY", "FOREIGN KEY constraint failed"), "InvalidRowError"],
    [postgres("53100"), "DiskFullError"],
    [postgres("23503", { table: "route", constraint: "route_model" }), "InvalidRowError"],
    [postgres("22P02"), "InvalidRowError"],
    [postgres("57P01"), "DatabaseClosedError"],
    [postgres("ECONNREFUSED"), "DatabaseClosedError"],
  ])("%o is known", (error, name) => {
    expect((error as Error).name).toBe(name);
  });

  test("what is no complaint of an engine stays what it is", () => {
    const error = new TypeError("mine");
    expect(sqliteError(error)).toBe(error);
    expect(postgresError(error)).toBe(error);
    expect(postgresError(undefined)).toBe(undefined);
  });

  test("no message about a value shows the value", () => {
    expect((postgres("22P02") as Error).message).toBe("Cannot write a row: a column does not take the value");
  });
});
