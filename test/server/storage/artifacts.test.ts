import { createHash } from "node:crypto";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import { type BlobStore, openBlobStore } from "../../../server/storage/artifacts.ts";
import { temporaryFolder } from "../../support/cli.ts";

const hashOf = (content: string): string => createHash("sha256").update(content).digest("hex");

async function newStore(): Promise<{ store: BlobStore; path: string; [Symbol.dispose](): void }> {
  const folder = temporaryFolder();
  return Object.assign(folder, { store: await openBlobStore(join(folder.path, "blobs")) });
}

describe("the blob store", () => {
  test("gives back what it was given, by its hash", async () => {
    using home = await newStore();
    const content = "x,y\n1,2\n";
    await home.store.put(hashOf(content), content);
    expect(await text(await home.store.read(hashOf(content)))).toBe(content);
    expect(await home.store.has(hashOf(content))).toBe(true);
    expect(await home.store.pathOf(hashOf(content))).toBe(
      join(home.path, "blobs", hashOf(content).slice(0, 2), hashOf(content)),
    );
  });

  test("takes a stream of any length, and nothing at all", async () => {
    using home = await newStore();
    const parts = Array.from({ length: 300 }, (_, i) => `${i} `.repeat(500));
    await home.store.put(hashOf(parts.join("")), Readable.from(parts));
    expect(await text(await home.store.read(hashOf(parts.join(""))))).toBe(parts.join(""));
    await home.store.put(hashOf(""), new Uint8Array());
    expect(await text(await home.store.read(hashOf("")))).toBe("");
  });

  test("refuses a content that has another hash and keeps nothing of it", async () => {
    using home = await newStore();
    await expect(home.store.put(hashOf("a"), "b")).rejects.toMatchObject({
      name: "BadRequestError",
      message: `Cannot keep a blob: found content with the hash ${hashOf("b").slice(0, 12)}…, expected ${hashOf("a").slice(0, 12)}…`,
    });
    expect(await home.store.missing([hashOf("a"), hashOf("b")])).toEqual([hashOf("a"), hashOf("b")]);
    expect(readdirSync(join(home.path, "blobs", "incoming"))).toEqual([]);
  });

  test("keeps nothing of an upload that breaks off", async () => {
    using home = await newStore();
    const broken = Readable.from(
      (async function* () {
        yield "half";
        throw new Error("connection lost");
      })(),
    );
    await expect(home.store.put(hashOf("halfwhole"), broken)).rejects.toThrow("connection lost");
    expect(readdirSync(join(home.path, "blobs"))).toEqual(["incoming"]);
    expect(readdirSync(join(home.path, "blobs", "incoming"))).toEqual([]);
  });

  test("the same content twice, at once, is one blob", async () => {
    using home = await newStore();
    await Promise.all(Array.from({ length: 8 }, () => home.store.put(hashOf("same"), "same")));
    expect(await text(await home.store.read(hashOf("same")))).toBe("same");
  });

  test("missing names each absent hash once, in order", async () => {
    using home = await newStore();
    await home.store.put(hashOf("b"), "b");
    const hashes = ["c", "b", "a", "c"].map(hashOf);
    expect(await home.store.missing(hashes)).toEqual([hashOf("c"), hashOf("a")]);
  });

  test("a path is no hash, an absent blob is not found", async () => {
    using home = await newStore();
    for (const wrong of ["../../etc/passwd", "", "a".repeat(63), hashOf("a").toUpperCase()]) {
      await expect(home.store.put(wrong, "a")).rejects.toMatchObject({ name: "BadRequestError" });
      await expect(home.store.has(wrong)).rejects.toMatchObject({ name: "BadRequestError" });
    }
    await expect(home.store.read(hashOf("a"))).rejects.toMatchObject({ name: "NotFoundError" });
  });

  test("opening throws away what a crash left half arrived, and keeps the rest", async () => {
    using home = await newStore();
    await home.store.put(hashOf("a"), "a");
    writeFileSync(join(home.path, "blobs", "incoming", "half"), "ha");
    const again = await openBlobStore(join(home.path, "blobs"));
    expect(existsSync(join(home.path, "blobs", "incoming", "half"))).toBe(false);
    expect(await again.has(hashOf("a"))).toBe(true);
  });
});
