// What models, deployments, routes and keys promise on every engine: SQLite runs it in `npm test`, a real Postgres in the peers'
// tests.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createAuthService, owner } from "../../../server/auth/service.ts";
import { createDeploymentStore, type DeploymentStore } from "../../../server/deployments/store.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import type { DeploymentTable, ModelTable } from "../../../server/storage/tables.ts";
import { timeOrderedUuid } from "../../../server/storage/time-ordered-uuid.ts";
import type { Place } from "../storage/database-suite.ts";

const transactionModules = [
  ...["auth", "deployments"].map((room) => new URL(`../../../server/${room}/transactions.ts`, import.meta.url)),
  new URL("./seed-transactions.mjs", import.meta.url),
];

const owned = { project: "default", created_by: "owner" };

/** @param newPlace an empty database */
export function deploymentsSuite(engine: string, newPlace: () => Promise<Place>): void {
  describe(`models and deployments on ${engine}`, () => {
    let place: Place;
    let database: Database;
    let store: DeploymentStore;
    beforeAll(async () => {
      place = await newPlace();
      database = await openDatabase({ url: place.url, transactionModules });
      store = createDeploymentStore(database);
    });
    afterAll(async () => {
      await database.close();
      await place.remove();
    });

    async function newModel(name: string, project = "default"): Promise<ModelTable> {
      const id = timeOrderedUuid();
      const row = { id, crn: `crn:${id}`, name, description: "", access_key: `m${id}`, created_at: 1, updated_at: 1 };
      const model = { ...row, ...owned, project };
      expect(await store.insertModel(model)).toBe(true);
      const build = { model_id: id, id: "b1", crn: `crn:${id}/b1`, notebook_path: "n", function: "f", comment: "" };
      const made = { status: "built", log: "", manifest: "{}", size_bytes: 1, created_at: 1, updated_at: 1 };
      await database.transact("seed-build", { ...build, ...made, ...owned });
      return model;
    }

    async function newDeployment(model: ModelTable, changes: Partial<DeploymentTable> = {}): Promise<string> {
      const id = timeOrderedUuid();
      const row = { id, model_id: model.id, build_id: "b1", crn: `crn:${id}`, replicas: 2, memory_mb: 512 };
      const state = { desired: "running" as const, status: "deploying", problem: "", signature: null, example: null };
      await store.insertDeployment({ ...row, ...state, created_at: 1, updated_at: 1, ...owned, ...changes });
      return id;
    }

    function route(model: ModelTable, id: string): Promise<boolean> {
      return store.routeDeployment({
        route: { id: timeOrderedUuid(), model_id: model.id, deployment_id: id, weight: 1, created_at: 7, ...owned },
        signature: '{"inputs":[]}',
        example: null,
      });
    }

    test("a name is taken once a project", async () => {
      const model = await newModel("taken");
      const again = { ...model, id: timeOrderedUuid(), crn: "crn:other", access_key: "other" };
      expect(await store.insertModel(again)).toBe(false);
      expect(await store.insertModel({ ...again, project: "elsewhere" })).toBe(true);
      expect(await store.findModel("default", "taken")).toEqual(model);
      expect(await store.findModel("default", "nobody")).toBeUndefined();
      expect(await store.hasModels()).toBe(true);
    });

    test("numbers come back as numbers", async () => {
      const model = await newModel("numbers");
      const id = await newDeployment(model, { created_at: 1_800_000_000_000 });
      expect(await store.findDeployment("default", id)).toMatchObject({
        replicas: 2,
        memory_mb: 512,
        created_at: 1_800_000_000_000,
        weight: null,
        routed: false,
      });
      await route(model, id);
      expect(await store.findDeployment("default", id)).toMatchObject({
        weight: 1,
        routed: true,
        model_name: "numbers",
      });
      expect(await store.findDeployment("elsewhere", id)).toBeUndefined();
    });

    test("a routed deployment takes the place of those before it, not of those after it", async () => {
      const model = await newModel("swapped");
      const [first, second, third] = [
        await newDeployment(model),
        await newDeployment(model),
        await newDeployment(model),
      ];
      expect(await route(model, first)).toBe(true);
      expect(await route(model, second)).toBe(true);
      const rows = await store.listDeployments(model.id, { after: undefined, limit: 10 });
      expect(rows.map(({ id, desired, status, routed }) => [id, desired, status, routed])).toEqual([
        [third, "running", "deploying", false],
        [second, "running", "deployed", true],
        [first, "stopped", "stopping", false],
      ]);
      expect((await store.routedDeployments([model.id])).map(({ id }) => id)).toEqual([second]);
      expect(rows.find(({ id }) => id === second)?.signature).toBe('{"inputs":[]}');
    });

    test("a deployment that was stopped meanwhile is not routed", async () => {
      const model = await newModel("stopped");
      const id = await newDeployment(model);
      await store.stopDeployment({ id, status: "stopping", problem: "", now: 2 });
      expect(await route(model, id)).toBe(false);
      expect(await store.routedDeployments([model.id])).toEqual([]);
    });

    test("stopping takes the route away; what has stopped is settled", async () => {
      const model = await newModel("ending");
      const id = await newDeployment(model);
      await route(model, id);
      await store.stopDeployment({ id, status: "stopping", problem: "", now: 2 });
      const unsettled = async () => (await store.unsettledDeployments()).some((row) => row.id === id);
      expect(await store.routedDeployments([model.id])).toEqual([]);
      expect(await unsettled()).toBe(true);
      await store.noteDeployment({ id, status: "stopped", problem: "", now: 3 });
      expect(await unsettled()).toBe(false);
    });

    test("only what is wanted is scaled; what a later deployment replaced is not started again", async () => {
      const model = await newModel("scaled");
      const [first, second] = [await newDeployment(model), await newDeployment(model)];
      expect(await store.scaleDeployment({ id: first, replicas: 5, now: 3 })).toBe(true);
      expect(await store.findDeployment("default", first)).toMatchObject({ replicas: 5, updated_at: 3 });
      await route(model, second);
      expect(await store.scaleDeployment({ id: first, replicas: 1, now: 4 })).toBe(false);
      expect(await store.startDeployment({ id: first, now: 5 })).toBe(false);
      await store.stopDeployment({ id: second, status: "stopped", problem: "", now: 6 });
      expect(await store.startDeployment({ id: first, now: 7 })).toBe(true);
      expect(await store.findDeployment("default", first)).toMatchObject({ desired: "running", status: "deploying" });
    });

    test("a deleted model takes its builds, deployments and routes along, and no one else's", async () => {
      const [model, other] = [await newModel("deleted"), await newModel("kept")];
      const [mine, theirs] = [await newDeployment(model), await newDeployment(other)];
      for (const [its, id] of [
        [model, mine],
        [other, theirs],
      ] as const)
        await route(its, id);
      expect(await store.deleteModel(model.id)).toEqual([mine]);
      expect(await store.deleteModel(model.id)).toEqual([]);
      expect(await store.findModel("default", "deleted")).toBeUndefined();
      expect(await store.findBuild(model.id, "b1")).toBeUndefined();
      expect((await store.routedDeployments([model.id, other.id])).map(({ id }) => id)).toEqual([theirs]);
      await newModel("deleted");
    });

    test("lists go on after the last row of the page before", async () => {
      const model = await newModel("paged");
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) ids.unshift(await newDeployment(model));
      const page = await store.listDeployments(model.id, { after: ids[1], limit: 2 });
      expect(page.map(({ id }) => id)).toEqual(ids.slice(2, 4));
      const names = (await store.listModels("default", { after: "paged", limit: 10 })).map(({ name }) => name);
      expect(names).toEqual([...names].sort());
      expect(names.every((name) => name > "paged")).toBe(true);
    });

    test("keys open until they end or are revoked, and are kept as hashes", async () => {
      let now = 1000;
      const parts = { startToken: "the-start-token", rotateToken: () => "the-next-token", onRotate: () => {} };
      const auth = createAuthService({ database, ...parts, clock: () => now });
      const open = (key: string) => auth.authenticate({ authorization: `Bearer ${key}` }, 1);
      expect(await open("the-start-token")).toEqual(owner);
      const kernel = await auth.issueKey(owner, { subject: "kernel:a", scopes: ["models:read"], validMs: 500 });
      const other = await auth.issueKey(owner, { subject: "kernel:b", scopes: ["models:read"], validMs: 5000 });
      expect(await open(kernel.key)).toEqual({ id: "kernel:a", scopes: ["models:read"], project: "default" });
      const rows = await database.query.selectFrom("token").selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(kernel.key);
      now = 1500;
      expect(await open(kernel.key)).toBeUndefined();
      expect(await open(other.key)).toBeDefined();
      await auth.revokeKeysOf("kernel:b");
      expect(await open(other.key)).toBeUndefined();
      auth.rotateStartToken();
      expect([await open("the-start-token"), await open("the-next-token")]).toEqual([undefined, owner]);
    });
  });
}
