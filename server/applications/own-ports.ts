// A port of its own for each application, where NAME.localhost leads nowhere: another machine's browser, or one that does not
// resolve such names. The same way in as by name.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { ConflictError } from "../errors.ts";
import type { PortRange } from "../settings.ts";

export interface OwnPortsParts {
  readonly host: string;
  readonly range: PortRange;
  readonly handle: (name: string, req: IncomingMessage, res: ServerResponse) => void;
  readonly upgrade: (name: string, req: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

export interface OwnPorts {
  /** Listens for an application, unless it does already. @throws ConflictError no port of the range is free */
  open(name: string): Promise<number>;
  portOf(name: string): number | undefined;
  close(name: string): void;
  closeAll(): void;
}

export function createOwnPorts({ host, range, handle, upgrade }: OwnPortsParts): OwnPorts {
  const servers = new Map<string, { readonly server: Server; readonly port: number }>();

  async function open(name: string): Promise<number> {
    const known = servers.get(name);
    if (known) return known.port;
    for (let port = range.first; port <= range.last; port++) {
      const server = createServer((req, res) => handle(name, req, res));
      server.on("upgrade", (req, socket, head) => upgrade(name, req, socket, head));
      const taken = await listening(server, host, port);
      if (taken === undefined) continue;
      servers.set(name, { server, port: taken });
      return taken;
    }
    throw new ConflictError(
      `Cannot give ${name} a port of its own: found none free from ${range.first} to ${range.last} (CELLWRIGHT_APP_PORTS)`,
    );
  }

  function close(name: string): void {
    const known = servers.get(name);
    known?.server.close();
    known?.server.closeAllConnections();
    servers.delete(name);
  }

  return {
    open,
    portOf: (name) => servers.get(name)?.port,
    close,
    closeAll() {
      for (const name of servers.keys()) close(name);
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port));
  });
}
