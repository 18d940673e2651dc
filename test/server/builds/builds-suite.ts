// What the builds of models promise on every engine: SQLite runs it in `npm test`, a real Postgres in the peers' tests.
import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CheckResult } from "../../../lib/contract/build-manifest.ts";
import type { Principal } from "../../../server/auth/principal.ts";
import {
  type BuildAnswer,
  type BuildService,
  createBuildService,
  type RequestedBuild,
} from "../../../server/builds/service.ts";
import { createBuildStore } from "../../../server/builds/store.ts";
import { openBlobStore } from "../../../server/storage/artifacts.ts";
import { type Database, openDatabase } from "../../../server/storage/database.ts";
import { root, temporaryFolder } from "../../support/cli.ts";
import type { Place } from "../storage/database-suite.ts";
import { notebook, unchecked } from "./notebooks.ts";

const transactionModules = ["builds", "deployments"].map(
  (room) => new URL(`../../../server/${room}/transactions.ts`, import.meta.url),
);
const owner: Principal = { id: "owner", scopes: ["*"], project: "default" };

/** @param newPlace an empty database */
export function buildsSuite(engine: string, newPlace: () => Promise<Place>): void {
  const folder = temporaryFolder();
  let place: Place;
  let database: Database;
  let builds: BuildService;
  let now = 1000;
  let check: (folder: string, onOutput: (text: string) => void) => Promise<CheckResult> = unchecked;

  beforeAll(async () => {
    place = await newPlace();
    database = await openDatabase({ url: place.url, transactionModules });
    builds = createBuildService({
      store: createBuildStore(database),
      blobs: await openBlobStore(join(folder.path, "blobs")),
      buildsFolder: join(folder.path, "builds"),
      packagesFolder: root,
      check: (at, onOutput) => check(at, onOutput),
      clock: () => now++,
    });
    for (const name of ["first", "second", "paged"]) {
      const row = {
        id: name,
        crn: `crn:${name}`,
        name,
        description: "",
        access_key: name,
        created_at: 1,
        updated_at: 1,
      };
      await database.transact("insert-model", { ...row, project: "default", created_by: "owner" });
    }
  });
  afterAll(async () => {
    await database?.close();
    await place?.remove();
    folder[Symbol.dispose]();
  });

  async function upload(text: string): Promise<string> {
    const sha256 = createHash("sha256").update(text).digest("hex");
    await builds.putBlob(sha256, Readable.from([text]));
    return sha256;
  }

  async function ask(model: string, text: string, more: Partial<RequestedBuild> = {}): Promise<BuildAnswer> {
    const notebookSha256 = await upload(text);
    const requested = {
      notebookPath: "notebooks/a.ipynb",
      notebookSha256,
      function: "explain",
      inputs: [],
      comment: "",
    };
    return builds.createBuild(owner, model, { ...requested, ...more });
  }

  const text = notebook("const a = 1;", "console.log(a);", "export const explain = () => a;");

  describe(`builds on ${engine}`, () => {
    test("a build is kept with its cells, log, comment and size", async () => {
      check = async (_folder, onOutput) => {
        onOutput("printed\n");
        return unchecked();
      };
      const answer = await ask("first", text, { comment: "the first one" });
      check = unchecked;
      if ("needs" in answer) throw new Error("it needs something");
      const { build, isNew } = answer;
      expect(isNew).toBe(true);
      expect(build).toEqual({
        id: expect.stringMatching(/^[0-9a-f]{64}$/),
        crn: `crn:cellwright:ml:::workspace:default/model-build/${build.id}`,
        model: "first",
        notebookPath: "notebooks/a.ipynb",
        function: "explain",
        comment: "the first one",
        status: "built",
        cells: [
          { cell: "c1", position: 1, kept: true, why: "declares `a`, used by `explain`" },
          { cell: "c2", position: 2, kept: false, why: "nothing `explain` needs" },
          { cell: "c3", position: 3, kept: true, why: "declares the export `explain`" },
        ],
        sizeBytes: expect.any(Number),
        log: "printed\n",
        createdAt: expect.any(Number),
      });
      expect(await builds.getBuild(owner, "first", build.id)).toEqual(build);
      expect(readdirSync(join(folder.path, "builds"))).toContain(build.id);
    });
    test("the same content is the same build, for every model", async () => {
      const again = await ask("first", text, { comment: "again" });
      expect(again).toMatchObject({ isNew: false, build: { comment: "the first one" } });
      const other = await ask("second", text);
      expect(other).toMatchObject({ isNew: true, build: { model: "second" } });
      expect("build" in other && "build" in again && other.build.id).toBe("build" in again && again.build.id);
    });
    test("what is needed is said, and nothing is kept of it", async () => {
      const before = await builds.listBuilds(owner, "first");
      const answer = await ask("first", notebook("import { a } from './a.ts';", "export const explain = () => a;"));
      expect(answer).toEqual({
        needs: [{ path: "./a.ts", kind: "module", neededBy: "explain (cell 2) → a (cell 1)" }],
      });
      const inputs = [
        {
          path: "./a.ts",
          kind: "module" as const,
          files: [{ path: "a.ts", sha256: await upload("export const a = 1;") }],
        },
      ];
      const whole = await ask("first", notebook("import { a } from './a.ts';", "export const explain = () => a;"), {
        inputs,
      });
      expect(whole).toMatchObject({ isNew: true });
      expect((await builds.listBuilds(owner, "first")).items).toHaveLength(before.items.length + 1);
    });
    test("a notebook that gives no build is refused and kept as failed, once", async () => {
      const broken = notebook("export const explain = () => nowhere;");
      for (let i = 0; i < 2; i++)
        await expect(ask("second", broken)).rejects.toMatchObject({
          name: "BuildError",
          message: /found `nowhere` declared nowhere/,
        });
      const { items } = await builds.listBuilds(owner, "second");
      expect(items.map(({ status }) => status)).toEqual(["failed", "built"]);
      expect(items[0]!.log).toContain("found `nowhere` declared nowhere");
      expect(items[0]!.cells).toEqual([]);
    });
    test("what was not uploaded, and models that are not there, are named", async () => {
      const absent = "0".repeat(64);
      await expect(ask("first", text, { notebookSha256: absent })).rejects.toMatchObject({
        name: "BadRequestError",
        message: `Cannot build: found no blob ${absent}, expected them uploaded first`,
      });
      await expect(ask("third", text)).rejects.toMatchObject({ name: "NotFoundError" });
      await expect(builds.listBuilds({ ...owner, project: "other" }, "first")).rejects.toMatchObject({
        name: "NotFoundError",
      });
      await expect(builds.getBuild(owner, "first", absent)).rejects.toMatchObject({ name: "NotFoundError" });
    });
    test("an upload is kept under its own hash alone", async () => {
      const [there, absent] = [await upload("here"), createHash("sha256").update("not here").digest("hex")];
      expect(await builds.missingBlobs([there, absent, absent])).toEqual([absent]);
      await expect(builds.putBlob(absent, Readable.from(["something else"]))).rejects.toMatchObject({
        name: "BadRequestError",
      });
      expect(await builds.missingBlobs([absent])).toEqual([absent]);
    });
    test("pages hold every build once, the latest first", async () => {
      const ids: string[] = [];
      for (let i = 0; i < 5; i++) {
        if (i === 3) now -= 1; // two in the same millisecond
        const answer = await ask("paged", notebook(`export const explain = () => ${i};`));
        ids.unshift("build" in answer ? answer.build.id : "");
      }
      const found: string[] = [];
      for (let pageToken: string | undefined, pages = 0; pages < 9; pages++) {
        const page = await builds.listBuilds(owner, "paged", { pageSize: 2, ...(pageToken && { pageToken }) });
        found.push(...page.items.map(({ id }) => id));
        pageToken = page.next_page_token;
        if (!pageToken) break;
      }
      expect([...found].sort()).toEqual([...ids].sort());
      expect(new Set(found).size).toBe(5);
      await expect(builds.listBuilds(owner, "paged", { pageToken: "no token" })).rejects.toMatchObject({
        name: "BadRequestError",
      });
    });
    test("builds run two at a time", async () => {
      let running = 0;
      let most = 0;
      check = async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 30));
        running--;
        return unchecked();
      };
      await Promise.all([10, 11, 12, 13, 14].map((n) => ask("paged", notebook(`export const explain = () => ${n};`))));
      check = unchecked;
      expect(most).toBe(2);
    });
  });
}
