// What the store of applications promises on every engine: SQLite runs it in `npm test`, a real Postgres in the peers' tests.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ApplicationStore, createApplicationStore } from "../../../server/applications/store.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import type { ApplicationTable } from "../../../server/storage/tables.ts";
import type { Place } from "../storage/database-suite.ts";

const transactionModules = [new URL("../../../server/applications/transactions.ts", import.meta.url)];

/** @param newPlace an empty database */
export function applicationsSuite(engine: string, newPlace: () => Promise<Place>): void {
  describe(`applications on ${engine}`, () => {
    let place: Place;
    let database: Database;
    let store: ApplicationStore;
    beforeAll(async () => {
      place = await newPlace();
      database = await openDatabase({ url: place.url, transactionModules });
      store = createApplicationStore(database);
    });
    afterAll(async () => {
      await database.close();
      await place.remove();
    });

    const rowOf = (name: string, changes: Partial<ApplicationTable> = {}): ApplicationTable => ({
      id: `id-${name}`,
      crn: `crn:${name}`,
      name,
      description: "",
      file: "app.ts",
      environment: "{}",
      memory_mb: 512,
      bypass_authentication: 0,
      desired: "running",
      problem: "",
      project: "default",
      created_by: "owner",
      created_at: 1,
      updated_at: 1,
      ...changes,
    });

    test("a name is taken once, over all projects: it is a host name", async () => {
      const row = rowOf("taken");
      expect(await store.insert(row)).toBe(true);
      expect(await store.insert({ ...row, id: "other", crn: "crn:other", project: "elsewhere" })).toBe(false);
      expect(await store.find("default", "taken")).toEqual(row);
      expect(await store.find("elsewhere", "taken")).toBeUndefined();
    });

    test("what is changed is changed, the rest stays", async () => {
      await store.insert(rowOf("changed", { environment: '{"A":"1"}' }));
      await store.update({ id: "id-changed", desired: "stopped", problem: "it broke", updated_at: 9 });
      expect(await store.find("default", "changed")).toEqual(
        rowOf("changed", { environment: '{"A":"1"}', desired: "stopped", problem: "it broke", updated_at: 9 }),
      );
    });

    test("they are listed by name, a page after another, and one deleted is gone", async () => {
      for (const name of ["p-2", "p-1", "p-3"]) await store.insert(rowOf(name, { project: "paged" }));
      const names = async (after?: string): Promise<string[]> =>
        (await store.list("paged", { after, limit: 2 })).map(({ name }) => name);
      expect(await names()).toEqual(["p-1", "p-2"]);
      expect(await names("p-2")).toEqual(["p-3"]);
      await store.delete("id-p-3");
      expect(await names("p-2")).toEqual([]);
      expect((await store.all()).map(({ name }) => name)).toEqual(["changed", "p-1", "p-2", "taken"]);
    });
  });
}
