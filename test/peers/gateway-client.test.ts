// Our server as the gateway of PyPI's Jupyter: its gateway client speaks our HTTP and WebSocket API, from nbclient alone and from
// within a whole jupyter_server.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CodeCell, textOf } from "../../kernel/notebook/nbformat.ts";
import { readNotebook } from "../../kernel/notebook/read-notebook.ts";
import { type ServerProcess, startServerProcess } from "../server/cli/server-process.ts";
import { cellwright, cleanEnvironment, root, temporaryFolder } from "../support/cli.ts";
import { notebookText } from "../support/notebooks.ts";
import { freePort } from "./free-port.ts";
import { expectEveryOutput, numberedCells } from "./numbered-cells.ts";
import { pythonMissing, runPython } from "./python.ts";

interface Executed {
  readonly cells: readonly { readonly execution_count?: number | null; readonly outputs?: readonly Output[] }[];
  readonly problem: string | null;
}
interface Output {
  readonly output_type: string;
  readonly text?: string;
  readonly ename?: string;
  readonly data?: Record<string, unknown>;
}

const execute = `
import json, sys
given = json.load(sys.stdin)
import nbformat, websocket
from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.gateway.managers import GatewayKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
gateway = GatewayClient.instance()
gateway.url, gateway.auth_token = given["url"], given["token"]
gateway.init_connection_args()
headers = ["Authorization: token " + given["token"]]
connect = websocket.create_connection  # jupyter_server 2.21 opens it without the token that its other requests carry
websocket.create_connection = lambda url, **options: connect(url, header=headers, **options)
GatewayKernelManager._async_is_alive = GatewayKernelManager.is_alive  # jupyter_client 8.10 asks by this name
book = nbformat.reads(given["text"], as_version=4)
problem = None
try:
    NotebookClient(book, timeout=120, kernel_manager_class=GatewayKernelManager).execute(
        kernel_name="cellwright")  # nbclient's own kernel_name never reaches this manager
except CellExecutionError as error:
    problem = error.ename + ": " + error.evalue
nbformat.validate(book)
json.dump({"cells": book.cells, "problem": problem}, sys.stdout)
`;

describe.skipIf(pythonMissing("jupyter_server.gateway", "nbclient"))("PyPI's gateway client against our server", () => {
  const home = temporaryFolder();
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess(home.path);
  });
  afterAll(async () => {
    await server.end("SIGTERM");
    home[Symbol.dispose]();
  });
  const running = async () =>
    (await fetch(`${server.url}/api/kernels`, { headers: { authorization: `token ${server.token}` } })).json();
  const run = (text: string) => runPython<Executed>(execute, { text, url: server.url, token: server.token });

  test("nbclient keeps every output of every cell of a notebook on our kernel, and leaves no kernel", async () => {
    const { cells, problem } = run(numberedCells(50));
    expect(problem).toBeNull();
    expectEveryOutput(cells, 50);
    expect(await running()).toEqual([]);
  });

  test("nbclient is told an error by name and value, and runs a notebook of the tutorial", async () => {
    const thrown = run(notebookText([{ id: "a", source: "throw new RangeError('too far')" }]));
    expect(thrown.problem).toBe("RangeError: too far");
    const { cells, problem } = run(readFileSync(join(root, "notebooks/1_data_ingest.ipynb"), "utf8"));
    expect(problem).toBeNull();
    const shown = cells.flatMap(({ outputs = [] }) => outputs.flatMap(({ data }) => Object.keys(data ?? {})));
    expect(shown.filter((type) => type === "text/html").length).toBeGreaterThan(2);
    expect(await running()).toEqual([]);
  });

  test("a whole jupyter_server with our server as its gateway runs a notebook for its own clients", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const token = "a-token-of-this-test";
    using folder = temporaryFolder();
    const jupyter = await jupyterServer(port, folder.path, { JUPYTER_TOKEN: token });
    try {
      const source = 'for (let i = 0; i < 300; i++) console.log(i);\n"through two servers"';
      writeFileSync(join(folder.path, "book.ipynb"), notebookText([{ id: "a", source }]));
      const args = ["run", "book.ipynb", "-o", "out.ipynb", "--gateway", url, "--gateway-token", token];
      const { code, stderr } = await cellwright(args, { cwd: folder.path });
      expect([code, stderr]).toEqual([0, expect.stringContaining("ok  1/1")]);
      const { cells } = readNotebook(readFileSync(join(folder.path, "out.ipynb"), "utf8"));
      const [printed, result] = (cells[0] as CodeCell).outputs;
      const lines = Array.from({ length: 300 }, (_, i) => `${i}\n`).join("");
      expect(printed?.output_type === "stream" && textOf(printed.text)).toBe(lines);
      expect(result).toMatchObject({ output_type: "execute_result" });
    } finally {
      jupyter.kill("SIGTERM");
      await once(jupyter, "exit");
    }
    expect(await running()).toEqual([]);
  });

  async function jupyterServer(port: number, folder: string, env: Record<string, string>): Promise<ChildProcess> {
    const flags = [
      `--ServerApp.port=${port}`,
      `--ServerApp.root_dir=${folder}`,
      "--ServerApp.open_browser=False",
      "--allow-root",
    ];
    const gateway = [`--GatewayClient.url=${server.url}`, `--GatewayClient.auth_token=${server.token}`];
    const child = spawn(process.env["CELLWRIGHT_PYTHON"]!, ["-m", "jupyter_server", ...flags, ...gateway], {
      env: { ...cleanEnvironment(), JUPYTER_CONFIG_DIR: folder, JUPYTER_RUNTIME_DIR: folder, ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
    while (!said.includes("is running at")) {
      await once(child.stderr, "data");
      if (child.exitCode !== null) throw new Error(said);
    }
    return child;
  }
});
