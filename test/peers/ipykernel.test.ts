// Python's own kernel, found where it is installed, listed and run by our server beside ours.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { KernelManager, KernelSpecManager, ServerConnection } from "@jupyterlab/services";
import type { IKernelConnection } from "@jupyterlab/services/lib/kernel/kernel.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LabServer, labServer } from "../server/jupyter/lab-server.ts";
import { pythonMissing } from "./python.ts";

describe.skipIf(pythonMissing("ipykernel"))("Python's kernel on our server", () => {
  let server: LabServer;
  let settings: ServerConnection.ISettings;
  let kernels: KernelManager;
  let kernel: IKernelConnection;

  beforeAll(async () => {
    const asked = spawnSync(process.env["CELLWRIGHT_PYTHON"]!, ["-c", "import sys; print(sys.prefix)"]);
    process.env["JUPYTER_PATH"] = join(String(asked.stdout).trim(), "share/jupyter");
    server = await labServer();
    settings = ServerConnection.makeSettings({
      baseUrl: `${server.url}/`,
      wsUrl: server.url.replace(/^http/, "ws"),
      token: server.token,
      appendToken: true,
      WebSocket: WebSocket as unknown as ServerConnection.ISettings["WebSocket"],
    });
    kernels = new KernelManager({ serverSettings: settings });
    kernel = await kernels.startNew({ name: "python3" });
    await kernel.info;
  });
  afterAll(async () => {
    await kernel?.shutdown();
    kernels?.dispose();
    await server?.[Symbol.asyncDispose]();
  });

  /** What the cell printed, or its value. */
  async function run(code: string): Promise<{ said: string; status: string }> {
    let said = "";
    const future = kernel.requestExecute({ code });
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "stream") said += (content as { text: string }).text;
      if (header.msg_type === "execute_result")
        said += (content as { data: Record<string, string> }).data["text/plain"];
    };
    const { content } = await future.done;
    return { said, status: content.status };
  }

  test("is listed behind ours, with its marks", async () => {
    const specs = new KernelSpecManager({ serverSettings: settings });
    await specs.ready;
    expect(Object.keys(specs.specs!.kernelspecs).slice(0, 3)).toEqual(["cellwright", "cellwright-run", "tslab"]);
    expect(specs.specs!.kernelspecs["python3"]).toMatchObject({ language: "python", metadata: { debugger: true } });
    const { status, headers } = await server.api("GET", specs.specs!.kernelspecs["python3"]!.resources["logo-svg"]!);
    expect([status, headers.get("content-type")]).toEqual([200, expect.stringContaining("image/svg+xml")]);
    expect((await server.api("GET", "/kernelspecs/python3/kernel.json")).status).toBe(404);
    specs.dispose();
  });

  test("runs cells, is interrupted by a signal with its state kept, and starts afresh", async () => {
    expect(await run("a = 6 * 7; print('said'); a")).toEqual({ said: "said\n42", status: "ok" });
    const loop = run("while True: pass");
    await expect.poll(() => kernel.status).toBe("busy");
    await kernel.interrupt();
    expect((await loop).status).toBe("error");
    expect((await run("a")).said).toBe("42");
    await kernel.restart();
    expect((await run("'a' in globals()")).said).toBe("False");
  });
});
