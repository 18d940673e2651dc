// Terminals over HTTP and WebSocket, driven by Jupyter's own client: a real shell in the project's folder.
import { realpathSync } from "node:fs";
import { PageConfig } from "@jupyterlab/coreutils";
import { ServerConnection, type Terminal, TerminalManager } from "@jupyterlab/services";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type LabServer, labServer } from "./lab-server.ts";

let server: LabServer;
let terminals: TerminalManager;
beforeAll(async () => {
  server = await labServer();
  server.put("notebooks/a.ts", "");
  const serverSettings = ServerConnection.makeSettings({
    baseUrl: `${server.url}/`,
    wsUrl: server.url.replace(/^http/, "ws"),
    token: server.token,
    appendToken: true,
    WebSocket: WebSocket as unknown as ServerConnection.ISettings["WebSocket"],
  });
  PageConfig.setOption("terminalsAvailable", "true"); // as our page says
  terminals = new TerminalManager({ serverSettings });
  await terminals.ready;
});
afterAll(async () => {
  await terminals?.shutdownAll();
  terminals?.dispose();
  await server?.[Symbol.asyncDispose]();
});

describe("a terminal", () => {
  test("runs what is typed, in the project's folder, and knows the home", async () => {
    const terminal = listen(await terminals.startNew());
    terminal.type('echo "<$((6 * 7))> <$PWD> <$CELLWRIGHT_HOME> <$CELLWRIGHT_TOKEN>"\n');
    await terminal.says(`<42> <${realpathSync(server.project)}> <${server.home}> <>`);
    await terminal.shutDown();
  });

  test("opens in a folder of the project, and in no other", async () => {
    const terminal = listen(await terminals.startNew({ cwd: "notebooks" }));
    terminal.type("ls; pwd\n");
    await terminal.says("a.ts");
    await terminal.shutDown();
    for (const cwd of ["../..", "..", ".cellwright"])
      expect((await server.api("POST", "/api/terminals", { cwd })).status, cwd).toBe(404);
  });

  test("tells its shell how large it is", async () => {
    const terminal = listen(await terminals.startNew());
    terminal.connection.send({ type: "set_size", content: [31, 101, 0, 0] });
    terminal.type("stty size\n");
    await terminal.says("31 101");
    await terminal.shutDown();
  });

  test("shows a page that comes later what was written before", async () => {
    const first = listen(await terminals.startNew());
    first.type('echo "written $((1 + 1)) early"\n');
    await first.says("written 2 early");
    const later = listen(terminals.connectTo({ model: first.connection.model }));
    await later.says("written 2 early");
    later.connection.dispose();
    await first.shutDown();
  });

  test("is gone from the list when its shell ends", async () => {
    const terminal = listen(await terminals.startNew());
    const { name } = terminal.connection;
    expect((await server.api("GET", "/api/terminals")).body).toMatchObject([{ name }]);
    terminal.type("exit\n");
    await expect.poll(async () => (await server.api("GET", "/api/terminals")).body).toEqual([]);
    expect((await server.api("GET", `/api/terminals/${name}`)).status).toBe(404);
  });
});

function listen(connection: Terminal.ITerminalConnection) {
  let written = "";
  const looks = new Set<() => void>();
  connection.messageReceived.connect((_, { type, content }) => {
    if (type === "stdout") written += content?.join("") ?? "";
    for (const look of looks) look();
  });
  return {
    connection,
    type: (text: string) => connection.send({ type: "stdin", content: [text] }),
    /** Resolves when it is on the screen. */
    says: (text: string) =>
      new Promise<void>((resolve) => {
        const look = () => written.includes(text) && resolve();
        looks.add(look);
        look();
      }),
    shutDown: () => connection.shutdown(),
  };
}
