// `cellwright run --gateway`: kernels of another Jupyter server, here our own over HTTP and WebSocket.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type CodeCell, textOf } from "../../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../../kernel/notebook/read-notebook.ts";
import { cellwright, temporaryFolder } from "../../support/cli.ts";
import {
  expectCellToSurvive,
  expectRequestToArrive,
  expectSilenceToBeTold,
  expectSilenceToEnd,
} from "../../support/lost-connection.ts";
import { notebookText, type TestCell } from "../../support/notebooks.ts";
import { type LabServer, labServer } from "../jupyter/lab-server.ts";

const folder = temporaryFolder();
let server: LabServer;
beforeAll(async () => {
  server = await labServer();
});
afterEach(async () => {
  const { body } = await server.api<{ id: string }[]>("GET", "/api/kernels");
  for (const { id } of body) await server.api("DELETE", `/api/kernels/${id}`); // of a test that failed
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

const run = (cells: readonly TestCell[], ...flags: string[]) => {
  writeFileSync(join(folder.path, "book.ipynb"), notebookText(cells));
  return cellwright(["run", "book.ipynb", "-o", "out.ipynb", ...flags], { cwd: folder.path });
};
const here = () => ["--gateway", server.url, "--gateway-token", server.token];
const running = async () => (await server.api<unknown[]>("GET", "/api/kernels")).body.length;

describe("a notebook on a Jupyter server", () => {
  test("runs there with its parameters, its outputs come back, and no kernel stays", async () => {
    const cells = [
      { id: "knobs", source: "let rows = 1;", tags: ["parameters"] },
      { id: "shows", source: "console.log(rows); for (let i = 0; i < 500; i++) console.log(i); rows * 2" },
    ];
    const { code, stdout, stderr } = await run(cells, ...here(), "-p", "rows=21", "--json");
    expect([code, stderr]).toEqual([0, expect.stringContaining("ok  3/3")]);
    expect(JSON.parse(stdout)).toMatchObject({ runs: [{ status: "ok", cells: 3, ran: 3 }] });
    const { cells: executed } = readNotebook(readFileSync(join(folder.path, "out.ipynb"), "utf8"));
    const { outputs } = executed[2] as CodeCell;
    const [printed, result] = outputs;
    const lines = ["21", ...Array.from({ length: 500 }, (_, i) => String(i))];
    expect(printed?.output_type === "stream" && textOf(printed.text)).toBe(`${lines.join("\n")}\n`);
    expect(result).toMatchObject({ output_type: "execute_result", data: { "text/plain": ["42"] } });
    expect(await running()).toBe(0);
  });

  test("fails as it fails here: what threw, and what its types refuse", async () => {
    const thrown = await run([{ id: "a", source: "throw new RangeError('too far')" }], ...here());
    expect([thrown.code, thrown.stderr]).toEqual([1, expect.stringContaining("RangeError: too far")]);
    const refused = await run([{ id: "a", source: 'const n: number = "one";' }], ...here());
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("TS2322")]);
    expect((await run([{ id: "a", source: 'const n: number = "one";' }], ...here(), "--mode", "run")).code).toBe(0);
    expect(await running()).toBe(0);
  });

  test("is told when it cannot run there: a wrong token, no server, no URL; the token is never printed", async () => {
    const cells = [{ id: "a", source: "1" }];
    const refused = await run(cells, "--gateway", server.url, "--gateway-token", "wrong-secret");
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("found a token it refuses")]);
    expect(refused.stderr + refused.stdout).not.toContain("wrong-secret");
    const nobody = await run(cells, "--gateway", "http://127.0.0.1:9");
    expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining("Cannot reach Jupyter server")]);
    expect((await run(cells, "--gateway", "ftp://x")).code).toBe(2);
  });
});

// On a busy machine, whose server is itself too slow for a ping now and then, a connection is taken for lost more often.
describe("a connection that is lost", { timeout: 120_000 }, () => {
  test("in the middle of a cell: what it printed meanwhile arrives, and no cell runs twice", async () => {
    using own = temporaryFolder();
    await expectCellToSurvive(server, own.path);
    expect(await running()).toBe(0);
  });

  test("without a word in the middle of a cell: another is made, and no cell runs twice", async () => {
    using own = temporaryFolder();
    await expectSilenceToEnd(server, own.path);
    expect(await running()).toBe(0);
  });

  test("without a word until the cell has ended: the run ends with that reason, and no cell runs twice", async () => {
    using own = temporaryFolder();
    await expectSilenceToBeTold(server, own.path);
    expect(await running()).toBe(0);
  });

  test("with a request on its way: that is sent again, and runs once", async () => {
    using own = temporaryFolder();
    await expectRequestToArrive(server, own.path);
  });
});
