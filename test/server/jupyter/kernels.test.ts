// Kernels over the server's WebSocket, driven by Jupyter's own client, in both forms that frames have. One file, for its cases
// share one server and its clients.
import { KernelManager, KernelSpecManager, ServerConnection, SessionManager } from "@jupyterlab/services";
import type { IKernelConnection } from "@jupyterlab/services/lib/kernel/kernel.js";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LabServer, labServer } from "./lab-server.ts";

let server: LabServer;
beforeAll(async () => {
  server = await labServer();
  server.put("notebooks/helper.ts", "export const helped = 42;\n");
});
afterAll(() => server?.[Symbol.asyncDispose]());

/** Asks for the default form: an older client's. */
class OldSocket extends WebSocket {
  constructor(url: string) {
    super(url);
  }
}

function settingsFor(socket: typeof WebSocket): ServerConnection.ISettings {
  return ServerConnection.makeSettings({
    baseUrl: `${server.url}/`,
    wsUrl: server.url.replace(/^http/, "ws"),
    token: server.token,
    appendToken: true,
    WebSocket: socket as unknown as ServerConnection.ISettings["WebSocket"],
  });
}

describe.each([
  ["v1", WebSocket],
  ["default", OldSocket as unknown as typeof WebSocket],
] as const)("a kernel over the %s form", (_form, socket) => {
  let kernels: KernelManager;
  let kernel: IKernelConnection;

  beforeAll(async () => {
    kernels = new KernelManager({ serverSettings: settingsFor(socket) });
    await kernels.ready;
    kernel = await kernels.startNew({ name: "cellwright" });
    await kernel.info;
  }, 60_000);
  afterAll(async () => {
    await kernel?.shutdown();
    kernels?.dispose();
  });

  test("runs a cell and shows its value", async () => {
    const { results, reply } = await run(kernel, "const twice = 21 * 2; twice");
    expect(reply).toBe("ok");
    expect(results).toEqual(["42"]);
  });

  test("loses none of ten thousand lines, and keeps their order", async () => {
    const { text } = await run(kernel, "for (let i = 0; i < 10_000; i++) console.log(`line ${i}`);");
    expect(text.trimEnd().split("\n")).toEqual(Array.from({ length: 10_000 }, (_, i) => `line ${i}`));
  });

  test("completes and explains names in scope", async () => {
    const { content } = await kernel.requestComplete({ code: "twi", cursor_pos: 3 });
    expect((content as { matches: string[] }).matches).toContain("twice");
    const { content: found } = await kernel.requestInspect({ code: "twice", cursor_pos: 3, detail_level: 0 });
    expect(found).toMatchObject({ found: true });
  });

  test("stops a loop and a wait when it is interrupted, and keeps its state", async () => {
    for (const code of ["while (true) {}", "await new Promise(() => {})"]) {
      const stuck = run(kernel, `console.log("begun"); ${code}`, (text) => {
        if (text.includes("begun")) void kernel.interrupt();
      });
      expect((await stuck).reply, code).toBe("error");
    }
    expect((await run(kernel, "twice")).results).toEqual(["42"]);
  });

  test("updates what is shown already", async () => {
    const updates: unknown[] = [];
    const future = kernel.requestExecute({
      code: `const d = (globalThis as any)[Symbol.for("cellwright.display")];
const shown = d.send({ "text/plain": "one" }, { id: "a" });
d.update?.("a", { "text/plain": "two" });`,
    });
    future.onIOPub = ({ header, content }) => {
      if (/display_data$/.test(header.msg_type)) updates.push([header.msg_type, content]);
    };
    await future.done;
    expect(updates.length).toBeGreaterThan(0);
  });

  test("starts afresh under the same id", async () => {
    const { id } = kernel;
    await kernel.restart();
    expect(kernel.id).toBe(id);
    expect((await run(kernel, "eval('typeof twice')")).results).toEqual(["'undefined'"]);
  });
});

describe("kernels", () => {
  test("come back when their process ends by itself, and say so", async () => {
    const kernels = new KernelManager({ serverSettings: settingsFor(WebSocket) });
    const kernel = await kernels.startNew({ name: "cellwright" });
    await kernel.info;
    const states: string[] = [];
    const back = new Promise<void>((resolve) => {
      kernel.statusChanged.connect((_, state) => {
        states.push(state);
        if (states.includes("autorestarting") && state === "idle") resolve();
      });
    });
    void kernel.requestExecute({ code: "process.kill(process.ppid, 'SIGKILL')" }).done.catch(() => {});
    await back;
    expect((await run(kernel, "1 + 1")).results).toEqual(["2"]);
    await kernel.shutdown();
    kernels.dispose();
  });

  test("of a document's session start in its folder with a key of their own, and go when the session does", async () => {
    const serverSettings = settingsFor(WebSocket);
    const kernelManager = new KernelManager({ serverSettings });
    const sessions = new SessionManager({ serverSettings, kernelManager });
    const session = await sessions.startNew({
      path: "notebooks/new.ipynb",
      name: "new.ipynb",
      type: "notebook",
      kernel: { name: "cellwright" },
    });
    const again = await server.api<{ id: string }>("POST", "/api/sessions", {
      path: "notebooks/new.ipynb",
      name: "",
      type: "notebook",
      kernel: { name: "cellwright" },
    });
    expect(again.body.id).toBe(session.id);
    const kernel = session.kernel!;
    expect((await run(kernel, `(await import("./helper.ts")).helped`)).results).toEqual(["42"]);
    const { results } = await run(
      kernel,
      `(await fetch(process.env.CELLWRIGHT_URL + "/api/v2/me", { headers: { authorization: "Bearer " + process.env.CELLWRIGHT_TOKEN } })).status + " " + (await fetch(process.env.CELLWRIGHT_URL + "/api/contents", { headers: { authorization: "Bearer " + process.env.CELLWRIGHT_TOKEN } })).status`,
    );
    expect(results).toEqual(["'200 403'"]); // a notebook may use the platform, not Lab
    await session.setPath("notebooks/renamed.ipynb");
    expect((await server.api<{ path: string }[]>("GET", "/api/sessions")).body).toMatchObject([
      { path: "notebooks/renamed.ipynb" },
    ]);
    await session.shutdown();
    expect((await server.api<unknown[]>("GET", "/api/sessions")).body).toEqual([]);
    expect((await server.api<{ id: string }[]>("GET", "/api/kernels")).body.map(({ id }) => id)).not.toContain(
      kernel.id,
    );
    sessions.dispose();
    kernelManager.dispose();
  });

  test("are told apart by name, with a mark for each", async () => {
    const specs = new KernelSpecManager({ serverSettings: settingsFor(WebSocket) });
    await specs.ready;
    expect(specs.specs?.default).toBe("cellwright");
    const names = ["cellwright", "cellwright-run", "tslab"];
    expect(Object.keys(specs.specs!.kernelspecs).slice(0, 3)).toEqual(names); // the machine may have others
    for (const spec of names.map((name) => specs.specs!.kernelspecs[name])) {
      const { status, headers } = await server.api("GET", spec!.resources["logo-svg"]!);
      expect([status, headers.get("content-type")]).toEqual([200, expect.stringContaining("image/svg+xml")]);
    }
    expect((await server.api("POST", "/api/kernels", { name: "no-such" })).status).toBe(404);
    specs.dispose();
  });

  test("keep what is said while nobody listens for the listener who comes back", async () => {
    const { body } = await server.api<{ id: string }>("POST", "/api/kernels", { name: "cellwright" });
    const first = await open(body.id, "me");
    const header = { msg_id: "1", msg_type: "execute_request", session: "me", username: "", date: "", version: "5.3" };
    const code = "await new Promise((done) => setTimeout(done, 300)); console.log('said meanwhile')";
    first.socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata: {}, content: { code } }));
    await first.says("execute_input");
    first.socket.terminate();
    await untilIdle(body.id);
    const second = await open(body.id, "me");
    expect(JSON.parse(await second.says("said meanwhile"))).toMatchObject({
      channel: "iopub",
      content: { name: "stdout" },
    });
    second.socket.terminate();
    await server.api("DELETE", `/api/kernels/${body.id}`);
  });
});

describe("a cell whose page has gone", () => {
  interface Execution {
    readonly msg_id: string;
    readonly cell_id: string;
    readonly messages: readonly { readonly header: { readonly msg_type: string }; readonly content: object }[];
    readonly done: boolean;
  }
  const executionsOf = async (id: string): Promise<Execution[]> =>
    (await server.api<Execution[]>("GET", `/lab/api/kernels/${id}/executions`)).body;
  const ask = (socket: WebSocket, session: string, msgId: string, code: string): void => {
    const header = { msg_id: msgId, msg_type: "execute_request", session, username: "", date: "", version: "5.3" };
    const metadata = { cellId: `cell-${msgId}` };
    socket.send(JSON.stringify({ channel: "shell", header, parent_header: {}, metadata, content: { code } }));
  };

  test("is found by its id, from its first line on, by a page that comes while it runs", async () => {
    const { body } = await server.api<{ id: string }>("POST", "/api/kernels", { name: "cellwright" });
    const gone = await open(body.id, "gone");
    ask(gone.socket, "gone", "a", "console.log('first'); await new Promise(() => {}); 6 * 7");
    await gone.says('"stream"');
    ask(gone.socket, "gone", "b", "throw new Error('second')");
    ask(gone.socket, "gone", "c", "'never'");
    expect(await executionsOf(body.id)).toEqual([]); // its own page is there
    gone.socket.terminate();
    await expect.poll(async () => (await executionsOf(body.id)).length).toBe(3);
    const [running, waiting] = await executionsOf(body.id);
    expect(running).toMatchObject({ msg_id: "a", cell_id: "cell-a", done: false });
    expect(running!.messages.map(({ header }) => header.msg_type)).toEqual(["status", "execute_input", "stream"]);
    expect(waiting).toMatchObject({ cell_id: "cell-b", messages: [], done: false });

    const next = await open(body.id, "next");
    await server.api("POST", `/api/kernels/${body.id}/interrupt`);
    expect(JSON.parse(await next.says("KeyboardInterrupt"))).toMatchObject({ parent_header: { msg_id: "a" } });
    await expect.poll(async () => (await executionsOf(body.id)).map(({ done }) => done)).toEqual([true, true, true]);
    for (const { msg_id } of await executionsOf(body.id))
      await server.api("DELETE", `/lab/api/kernels/${body.id}/executions/${msg_id}`);
    expect(await executionsOf(body.id)).toEqual([]);
    next.socket.terminate();
    await server.api("DELETE", `/api/kernels/${body.id}`);
  });

  test("is forgotten when its own page comes back, or the kernel starts afresh", async () => {
    const { body } = await server.api<{ id: string }>("POST", "/api/kernels", { name: "cellwright" });
    const first = await open(body.id, "me");
    ask(first.socket, "me", "a", "console.log('said')");
    await first.says("execute_reply");
    first.socket.terminate();
    const again = await open(body.id, "me");
    ask(again.socket, "me", "b", "await new Promise(() => {})");
    await again.says("execute_input");
    again.socket.terminate();
    await expect.poll(async () => (await executionsOf(body.id)).map(({ msg_id }) => msg_id)).toEqual(["b"]);
    await server.api("POST", `/api/kernels/${body.id}/restart`);
    expect(await executionsOf(body.id)).toEqual([]);
    await server.api("DELETE", `/api/kernels/${body.id}`);
  });
});

/** A WebSocket of our own; it remembers what it has heard from the first message on. */
async function open(id: string, session: string) {
  const url = `${server.url.replace(/^http/, "ws")}/api/kernels/${id}/channels?session_id=${session}&token=${server.token}`;
  const socket = new WebSocket(url);
  const heard: string[] = [];
  const hearers = new Set<() => void>();
  socket.on("message", (data: Buffer) => {
    heard.push(data.toString());
    for (const hearer of hearers) hearer();
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const says = (part: string): Promise<string> =>
    new Promise((resolve) => {
      const look = () => {
        const found = heard.find((text) => text.includes(part));
        if (found) resolve(found);
      };
      hearers.add(look);
      look();
    });
  return { socket, says };
}

/** Nobody listens, and its cell has ended. */
async function untilIdle(id: string): Promise<void> {
  for (;;) {
    const { body } = await server.api<{ execution_state: string; connections: number }>("GET", `/api/kernels/${id}`);
    if (body.connections === 0 && body.execution_state === "idle") return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function run(kernel: IKernelConnection, code: string, onText: (text: string) => void = () => {}) {
  const results: unknown[] = [];
  let text = "";
  const future = kernel.requestExecute({ code });
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "stream") onText((text += (content as { text: string }).text));
    if (header.msg_type === "execute_result")
      results.push((content as { data: Record<string, unknown> }).data["text/plain"]);
  };
  const { content } = await future.done;
  return { reply: content.status, results, text };
}

test("answers a client as Python's gateway client is: no session in its address, no channel in its requests", async () => {
  const { body: kernel } = await server.api<{ id: string }>("POST", "/api/kernels", { name: "cellwright" });
  const address = `${server.url.replace(/^http/, "ws")}/api/kernels/${kernel.id}/channels?token=${server.token}`;
  const socket = new WebSocket(address);
  const heard: { channel: string; msg_id?: string; msg_type?: string; header: { msg_id: string } }[] = [];
  const header = {
    msg_id: "m1",
    msg_type: "kernel_info_request",
    session: "of-python",
    username: "",
    date: "",
    version: "5.3",
  };
  const reply = new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.on("message", (text: Buffer) => {
      heard.push(JSON.parse(text.toString()));
      if (heard.at(-1)!.channel === "shell") resolve();
    });
  });
  socket.once("open", () => socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content: {} })));
  await reply;
  expect(heard.at(-1)).toMatchObject({ channel: "shell", msg_type: "kernel_info_reply" });
  for (const { msg_id: id, header: inside } of heard) expect(id).toBe(inside.msg_id);
  socket.close();
  await server.api("DELETE", `/api/kernels/${kernel.id}`);
});
