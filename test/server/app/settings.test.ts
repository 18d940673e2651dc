// The server's settings from flags and environment.
import { describe, expect, test } from "vitest";
import { environmentForChildren, readFolders, readSettings, settings } from "../../../server/settings.ts";

describe("readSettings", () => {
  test("has its defaults when nothing is said", () => {
    expect(readSettings({ project: "/p" }, {})).toEqual({
      project: "/p",
      home: "/p/.cellwright",
      host: "127.0.0.1",
      database: "/p/.cellwright/cellwright.db",
      allowedHosts: [],
      limits: { timeoutMs: 30_000, replicaConcurrency: 64, queueLength: 1000, requestBytes: 5_000_000 },
      jobs: { atOnce: 2, keep: 50 },
      retention: { days: 30, calls: 10_000_000 },
      kernelIdleMs: 0,
      hiddenFiles: false,
      labExtensions: "/p/.cellwright/labextensions",
      logLevel: "info",
    });
  });

  test("prefers a flag to the environment, and the environment to the default", () => {
    const env = {
      CELLWRIGHT_HOME: "h",
      CELLWRIGHT_PORT: "9000",
      CELLWRIGHT_HOST: "0.0.0.0",
      CELLWRIGHT_CALL_TIMEOUT: "1.5",
    };
    expect(readSettings({ project: "/p", port: "7000" }, env)).toMatchObject({
      home: "/p/h",
      port: 7000,
      host: "0.0.0.0",
      limits: { timeoutMs: 1500 },
    });
  });

  test("takes a database by file or by URL", () => {
    expect(readSettings({ project: "/p" }, { CELLWRIGHT_DATABASE: "my.db" }).database).toBe("/p/my.db");
    const url = "postgres://me:pw@host/db";
    expect(readSettings({ project: "/p" }, { CELLWRIGHT_DATABASE: url }).database).toBe(url);
  });

  test.each([
    [{ CELLWRIGHT_PORT: "70000" }, "CELLWRIGHT_PORT"],
    [{ CELLWRIGHT_PORT: " " }, "CELLWRIGHT_PORT"],
    [{ CELLWRIGHT_CALL_TIMEOUT: "soon" }, "CELLWRIGHT_CALL_TIMEOUT"],
    [{ CELLWRIGHT_QUEUE_LENGTH: "-1" }, "CELLWRIGHT_QUEUE_LENGTH"],
    [{ CELLWRIGHT_TOKEN: "short" }, "token"],
  ])("refuses %j and says which", (env, name) => {
    expect(() => readSettings({}, env)).toThrow(name);
  });

  test("never repeats a token it refuses", () => {
    expect(() => readSettings({ token: "my secret" }, {})).toThrow(/^(?!.*my secret)/);
  });
});

test("folders are the project's and its home, both absolute", () => {
  expect(readFolders({ project: "/p", home: "/elsewhere" }, {})).toEqual({ project: "/p", home: "/elsewhere" });
  expect(readFolders({}, { CELLWRIGHT_PROJECT: "/q" })).toEqual({ project: "/q", home: "/q/.cellwright" });
});

test("children get nothing of ours by accident", () => {
  const env = { PATH: "/bin", CELLWRIGHT_TOKEN: "t", CELLWRIGHT_DATABASE: "postgres://x", MLFLOW_TRACKING_TOKEN: "t" };
  expect(environmentForChildren(env)).toEqual({ PATH: "/bin" });
});

test("every setting has a name, a default and a meaning", () => {
  for (const setting of Object.values(settings)) {
    expect(setting.env).toMatch(/^[A-Z_]+$/);
    expect(setting.default.length * setting.meaning.length).toBeGreaterThan(0);
  }
});
