// A peer that says nothing, though the network has not said that it is gone.
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { WebSocketServer } from "ws";
import { LiveWebSocket } from "../../../kernel/client/live-socket.ts";

class QuickSocket extends LiveWebSocket {
  static override readonly pingEveryMs = 100;
}

test("a connection closes when its peer does not answer any more", async () => {
  const silent = new WebSocketServer({ port: 0, host: "127.0.0.1", autoPong: false });
  await once(silent, "listening");
  try {
    const socket = new QuickSocket(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await once(socket, "open");
    const [code] = await once(socket, "close");
    expect(code).toBe(1006); // lost, not ended in order: Jupyter's client connects again
  } finally {
    for (const client of silent.clients) client.terminate();
    silent.close();
  }
});

test("one that answers stays open", async () => {
  const living = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  await once(living, "listening");
  try {
    const socket = new QuickSocket(`ws://127.0.0.1:${(living.address() as AddressInfo).port}`);
    await once(socket, "open");
    for (let pongs = 0; pongs < 4; pongs++) await once(socket, "pong");
    expect(socket.readyState).toBe(QuickSocket.OPEN);
    socket.terminate();
  } finally {
    living.close();
  }
});

test("a peer that takes the connection and never says a word is given up", async () => {
  const mute = createServer().listen(0, "127.0.0.1");
  await once(mute, "listening");
  const taken = once(mute, "connection");
  try {
    const socket = new QuickSocket(`ws://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    const [error] = (await once(socket, "error")) as [Error];
    expect(error.message).toBe("Opening handshake has timed out");
  } finally {
    const [connection] = await taken;
    connection.destroy();
    mute.close();
  }
});
