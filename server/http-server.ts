// The HTTP server itself: takes requests, and stops without cutting off an answer that is under way.
import { createServer, type RequestListener, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

export interface HttpServer {
  readonly server: Server;
  /** An answer that may be a stream of events, to be ended when the server stops. */
  watch(res: ServerResponse): void;
  /** No new connections; open answers end, streams of events and WebSockets are ended; what is left after `withinMs` is cut. */
  close(withinMs: number): Promise<void>;
}

const keepAliveMs = 65_000; // longer than the usual proxy's, so that none sends into a closing connection
const lookEveryMs = 25;

export function openHttpServer(listener: RequestListener): HttpServer {
  const watched = new Set<ServerResponse>();
  const unasked = new Set<Socket>(); // nothing was asked over them yet, or they became WebSockets: no answer is under way
  const server = createServer((req, res) => {
    unasked.delete(req.socket);
    listener(req, res);
  });
  server.on("connection", (socket) => {
    unasked.add(socket);
    socket.once("close", () => unasked.delete(socket));
  });
  server.on("upgrade", ({ socket }) => unasked.add(socket));
  server.keepAliveTimeout = keepAliveMs;

  function watch(res: ServerResponse): void {
    watched.add(res);
    res.once("close", () => watched.delete(res));
  }

  async function close(withinMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const look = setInterval(() => {
      for (const res of watched) if (isStream(res)) res.end();
      server.closeIdleConnections();
    }, lookEveryMs);
    for (const socket of unasked) socket.destroy();
    const cut = setTimeout(() => server.closeAllConnections(), withinMs);
    await closed;
    clearInterval(look);
    clearTimeout(cut);
  }

  return { server, watch, close };
}

function isStream(res: ServerResponse): boolean {
  return String(res.getHeader("content-type") ?? "").startsWith("text/event-stream");
}
