// WebSockets of Lab: a kernel's channels and the server's events. An upgrade passes by Express, so each is checked here: the name
// it came under, the page it came from, and who asks.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { refusalFor } from "../errors.ts";
import { connectWebSocket } from "./kernels/channels.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { v1Protocol } from "./kernels/websocket-frames.ts";

export interface Upgrades {
  /** Takes what is Lab's; false: not ours. */
  handle(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

/** @throws ForbiddenError, UnauthorizedError this request opens nothing */
export type Guard = (req: IncomingMessage) => Promise<unknown>;

const frameBytes = 100_000_000;
const channels = /^\/api\/kernels\/([^/]+)\/channels$/;

export function createUpgrades(kernels: Kernels, guard: Guard): Upgrades {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(v1Protocol) ? v1Protocol : false),
  });

  function handle(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const { pathname, searchParams } = new URL(req.url ?? "/", "http://localhost");
    const [, id] = channels.exec(pathname) ?? [];
    if (id === undefined && pathname !== "/api/events/subscribe") return false;
    const connect = (opened: WebSocket): void => {
      if (id !== undefined) connectWebSocket(opened, kernels.find(id), searchParams.get("session_id") ?? "");
    };
    socket.on("error", () => socket.destroy());
    guard(req)
      .then(() => id !== undefined && kernels.find(id))
      .then(() => server.handleUpgrade(req, socket, head, connect))
      .catch((error: unknown) => refuse(socket, error));
    return true;
  }

  return {
    handle,
    close: () => {
      for (const client of server.clients) client.terminate();
    },
  };
}

function refuse(socket: Duplex, error: unknown): void {
  const { status } = refusalFor(error);
  socket.end(`HTTP/1.1 ${status} Refused\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}
