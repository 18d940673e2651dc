// Takes a port: the given one, or the first free one from the default on.
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { defaultPort } from "./settings.ts";

const portsTried = 50;

/**
 * @param port absent: 8888 or the next free one
 * @returns the port it listens on
 * @throws Error the given port is taken
 */
export async function listen(server: Server, host: string, port?: number): Promise<number> {
  if (port !== undefined) return listenOn(server, host, port);
  for (let next = defaultPort; ; next++) {
    try {
      return await listenOn(server, host, next);
    } catch (error) {
      if (next >= defaultPort + portsTried) throw error;
      if ((error as { cause?: NodeJS.ErrnoException }).cause?.code !== "EADDRINUSE") throw error;
    }
  }
}

function listenOn(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException): void => {
      const why = cause.code === "EADDRINUSE" ? "found it taken, expected a free one" : cause.message;
      reject(new Error(`Cannot listen on ${host} port ${port}: ${why}`, { cause }));
    };
    server.once("error", fail);
    server.listen({ host, port }, () => {
      server.off("error", fail);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
