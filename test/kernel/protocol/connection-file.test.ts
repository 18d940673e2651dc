import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { newConnection, readConnectionFile, writeConnectionFile } from "../../../kernel/protocol/connection-file.ts";

const folder = mkdtempSync(join(tmpdir(), "connection-"));
const path = join(folder, "kernel.json");
afterAll(() => rmSync(folder, { recursive: true }));

describe("connection file", () => {
  test("holds five ports and a key, and is read back by its owner alone", async () => {
    const connection = await newConnection();
    writeConnectionFile(path, connection);
    expect(readConnectionFile(path)).toEqual(connection);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { shell_port, iopub_port, stdin_port, control_port, hb_port, key } = connection;
    expect(new Set([shell_port, iopub_port, stdin_port, control_port, hb_port]).size).toBe(5);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect((await newConnection()).key).not.toBe(key);
  });

  test("says what is missing and never shows the key", async () => {
    const connection = { ...(await newConnection()), key: "secret" };
    const reading = (value: unknown) => {
      writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
      try {
        readConnectionFile(path);
        return "read";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(reading({ ...connection, hb_port: "x" })).toContain("found hb_port x, expected a port");
    expect(reading({ ...connection, key: undefined })).toContain("found no key");
    expect(reading({ ...connection, transport: "udp" })).toContain("found transport udp, expected tcp or ipc");
    expect(reading({ ...connection, signature_scheme: "hmac-md5" })).toContain("found scheme hmac-md5");
    const torn = reading('{"key": "secret", ');
    expect(torn).toContain("found no JSON object");
    expect(torn).not.toContain("secret");
  });
});
