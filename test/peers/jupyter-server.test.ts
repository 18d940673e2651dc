// PyPI's Jupyter Server as a gateway: `cellwright run` runs notebooks in our kernel there.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CodeCell } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/read-notebook.ts";
import { cellwright, root, temporaryFolder } from "../support/cli.ts";
import { expectCellToSurvive, expectRequestToArrive } from "../support/lost-connection.ts";
import { type InstalledKernel, installKernel } from "./installed-kernel.ts";
import { pythonMissing } from "./python.ts";

const token = "a-token-of-this-test";

describe.skipIf(pythonMissing("jupyter_server"))("a foreign Jupyter server with our kernelspec", () => {
  let kernel: InstalledKernel;
  let server: ChildProcess;
  let url: string;
  beforeAll(async () => {
    kernel = await installKernel();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const flags = [`--ServerApp.port=${port}`, "--ServerApp.open_browser=False", "--allow-root"];
    const args = ["-m", "jupyter_server", ...flags, `--ServerApp.root_dir=${kernel.path}`];
    const env = { ...process.env, ...kernel.env, JUPYTER_TOKEN: token };
    server = spawn(process.env["CELLWRIGHT_PYTHON"]!, args, { env, stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    server.stderr!.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    while (!said.includes("is running at")) {
      await once(server.stderr!, "data");
      if (server.exitCode !== null) throw new Error(said);
    }
  }, 60_000);
  afterAll(async () => {
    server.kill("SIGTERM");
    await once(server, "exit");
    kernel[Symbol.dispose]();
  });

  test("runs a notebook of ours, with its parameters, tables and plots", async () => {
    copyFileSync(join(root, "notebooks/1_data_ingest.ipynb"), join(kernel.path, "ingest.ipynb"));
    const { code, stderr } = await cellwright(
      ["run", "ingest.ipynb", "-o", "out.ipynb", "--gateway", url, "--gateway-token", token],
      { cwd: kernel.path },
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining("ok ")]);
    const { cells } = readNotebook(readFileSync(join(kernel.path, "out.ipynb"), "utf8"));
    const outputs = cells.flatMap((cell) => (cell.cell_type === "code" ? (cell as CodeCell).outputs : []));
    expect(outputs.filter((output) => "data" in output && "text/html" in output.data).length).toBeGreaterThan(2);
    const kernels = await fetch(`${url}/api/kernels`, { headers: { authorization: `token ${token}` } });
    expect(await kernels.json()).toEqual([]);
  });

  test("goes on after a lost connection with what the server kept, and runs no cell twice", async () => {
    using inside = temporaryFolder();
    await expectCellToSurvive({ url, token }, inside.path);
    using before = temporaryFolder();
    await expectRequestToArrive({ url, token }, before.path);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}
