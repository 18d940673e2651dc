// What package-lock.json says of binaries for other machines: npm installs all that is not said to be for another one.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface LockEntry {
  readonly libc?: readonly string[];
}

test("every binary for musl says so: elsewhere it would be a hundred megabytes for nothing", () => {
  const text = readFileSync(new URL("../package-lock.json", import.meta.url), "utf8");
  const { packages } = JSON.parse(text) as { packages: Record<string, LockEntry> };
  const entries = Object.entries(packages).filter(([path]) => path.includes("musl"));
  expect(entries.length).toBeGreaterThan(5);
  expect(entries.filter(([, { libc }]) => !libc?.includes("musl")).map(([path]) => path)).toEqual([]);
});
