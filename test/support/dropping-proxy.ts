// A TCP proxy in front of a server, whose connections can be cut as a network does it: without a word.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface DroppingProxy extends AsyncDisposable {
  readonly url: string;
  /** Cuts every connection there is; new ones are taken, but lead nowhere until `heal`. */
  drop(): void;
  heal(): void;
  /** No byte passes any more on the connections there are, either way, and neither end is told; new ones lead to the server. */
  freeze(): void;
  /** The server has opened a WebSocket, from now on. */
  opened(): Promise<void>;
  /** The server has sent this text, since the start; it has gone on to the client. */
  sent(text: string): Promise<void>;
  /** Cuts every connection as soon as the next bytes for the server come, and does not hand these on. Then heals. */
  swallowNext(isIt: (bytes: Buffer) => boolean): void;
}

/** @param target of the server, `http://127.0.0.1:8888` */
export async function droppingProxy(target: string): Promise<DroppingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let open = true;
  let waiting: (() => void)[] = [];
  const frozen = new WeakSet<Socket>();
  let tellOpened = (): void => {};
  let heard = "";
  let lookForSent = (): void => {};
  let swallow: ((bytes: Buffer) => boolean) | undefined;
  const server = createServer((client) => {
    keep(client);
    if (open) join(client);
    else waiting.push(() => join(client));
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  function join(client: Socket): void {
    if (client.destroyed) return;
    const upstream = connect(Number(port), hostname);
    keep(upstream);
    client.on("data", (bytes: Buffer) => {
      if (frozen.has(client)) return;
      if (!swallow?.(bytes)) return void upstream.write(bytes);
      swallow = undefined;
      cut();
    });
    upstream.on("data", (bytes: Buffer) => {
      if (frozen.has(client)) return;
      client.write(bytes);
      heard += bytes.toString("latin1");
      lookForSent();
      if (bytes.toString("latin1").startsWith("HTTP/1.1 101")) tellOpened();
    });
    client.once("close", () => frozen.has(client) || upstream.destroy());
    upstream.once("close", () => frozen.has(client) || client.destroy());
  }

  function cut(): void {
    for (const socket of sockets) socket.destroy();
  }

  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop() {
      open = false;
      cut();
    },
    heal() {
      open = true;
      for (const go of waiting) go();
      waiting = [];
    },
    freeze() {
      for (const socket of sockets) frozen.add(socket);
    },
    opened: () =>
      new Promise((resolve) => {
        tellOpened = resolve;
      }),
    sent: (text) =>
      new Promise((resolve) => {
        lookForSent = () => heard.includes(text) && resolve();
        lookForSent();
      }),
    swallowNext(isIt) {
      swallow = isIt;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      cut();
      await once(server, "close");
    },
  };
}
