// WebSockets of Lab: a kernel's channels, terminals and the server's events. An upgrade passes by Express, so each is checked here: the name
// it came under, the page it came from, and who asks.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { refusalFor } from "../errors.ts";
import type { Events } from "./events/events.ts";
import { connectEvents } from "./events/socket.ts";
import { connectWebSocket } from "./kernels/channels.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { v1Protocol } from "./kernels/websocket-frames.ts";
import { connectTerminal } from "./terminals/socket.ts";
import type { Terminals } from "./terminals/terminals.ts";

export interface Upgrades {
  /** Takes what is Lab's; false: not ours. */
  handle(req: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

/** @throws ForbiddenError, UnauthorizedError this request opens nothing */
export type Guard = (req: IncomingMessage) => Promise<unknown>;

const frameBytes = 100_000_000;
const channels = /^\/api\/kernels\/([^/]+)\/channels$/;
const terminal = /^\/terminals\/websocket\/([^/]+)$/;

export interface UpgradeParts {
  readonly kernels: Kernels;
  readonly terminals: Terminals;
  readonly events: Events;
  readonly guard: Guard;
}

export function createUpgrades({ kernels, terminals, events, guard }: UpgradeParts): Upgrades {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: frameBytes,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(v1Protocol) ? v1Protocol : false),
  });

  /** What an address opens; undefined: not ours. Looked for only when the guard has let the request in. */
  function connectorOf({ pathname, searchParams }: URL): (() => (opened: WebSocket) => void) | undefined {
    const [, id] = channels.exec(pathname) ?? [];
    const [, name] = terminal.exec(pathname) ?? [];
    if (id !== undefined)
      return () => {
        const kernel = kernels.find(id);
        return (opened) => connectWebSocket(opened, kernel, searchParams.get("session_id") ?? "");
      };
    if (name !== undefined)
      return () => {
        const found = terminals.find(decodeURIComponent(name));
        return (opened) => connectTerminal(opened, found);
      };
    return pathname === "/api/events/subscribe" ? () => (opened) => connectEvents(opened, events) : undefined;
  }

  function handle(req: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    const connector = connectorOf(new URL(req.url ?? "/", "http://localhost"));
    if (!connector) return false;
    socket.on("error", () => socket.destroy());
    guard(req)
      .then(connector)
      .then((connect) => server.handleUpgrade(req, socket, head, connect))
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
