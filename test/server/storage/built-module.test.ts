import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { builtModule } from "../../../server/storage/built-module.ts";

test("source of the checkout becomes the module that was emitted from it", () => {
  const built = fileURLToPath(builtModule(new URL("../../../server/storage/database.ts", import.meta.url)));
  expect(built).toBe(fileURLToPath(new URL("../../../dist/server/storage/database.js", import.meta.url)));
  expect(existsSync(built)).toBe(true);
});

test("plain JavaScript and files from elsewhere stay as they are", () => {
  for (const url of [new URL("./ledger-transactions.mjs", import.meta.url), new URL("file:///elsewhere/x.ts")]) {
    expect(builtModule(url).href).toBe(url.href);
  }
});
