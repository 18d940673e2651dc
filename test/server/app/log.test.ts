// Files of bounded size, and a log without secrets.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLog, openBoundedFile } from "../../../server/log.ts";
import { temporaryFolder } from "../../support/cli.ts";

test("a bounded file moves aside when full, keeps one before it, and goes on where it was after a restart", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "logs", "a.log");
  const first = openBoundedFile(path, { maxBytes: 100 });
  for (let i = 0; i < 25; i++) first.write(`line ${String(i).padStart(3, "0")}\n`);
  await first.close();
  const again = openBoundedFile(path, { maxBytes: 100 });
  again.write("line 025\n");
  await again.close();
  const kept = readFileSync(`${path}.1`, "utf8") + readFileSync(path, "utf8");
  expect(statSync(path).size).toBeLessThanOrEqual(100);
  expect(kept.trimEnd().split("\n").at(-1)).toBe("line 025");
  expect(kept).toContain("line 011");
  expect(existsSync(`${path}.2`)).toBe(false);
  expect(statSync(path).mode & 0o077).toBe(0);
});

test("the log hides what is secret wherever it is", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.log");
  const file = openBoundedFile(path);
  const log = createLog({ file });
  log.info({ token: "s3cret", model: { accessKey: "s3cret" }, req: { headers: { authorization: "s3cret" } } }, "hello");
  await file.close();
  const text = readFileSync(path, "utf8");
  expect(text).toContain("hello");
  expect(text).not.toContain("s3cret");
});

test("what is written to a bounded file can be read when it says so, at once or gathered; what cannot be, says that", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.log");
  for (const gatherMs of [0, 25]) {
    const file = openBoundedFile(path, { gatherMs });
    const end = await new Promise<number>((resolve) => file.write("a line\n", (failed, at) => failed || resolve(at)));
    expect(readFileSync(path, "utf8").slice(0, end)).toMatch(/a line\n$/);
    await file.close();
    expect(await new Promise((resolve) => file.write("too late\n", resolve))).toBe(true);
  }
});
