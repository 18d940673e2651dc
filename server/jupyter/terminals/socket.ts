// A browser's WebSocket on a terminal, in the form that JupyterLab speaks: JSON arrays, their first element what it is.
// https://github.com/jupyter/terminado/blob/main/terminado/websocket.py
import type { WebSocket } from "ws";
import { z } from "zod";
import { pingWhileOpen } from "../ping.ts";
import type { Terminal } from "./terminals.ts";

const size = z.int().min(1).max(1000);
const fromBrowser = z.union([
  z.tuple([z.literal("stdin"), z.string()]),
  z.tuple([z.literal("set_size"), size, size], z.unknown()),
]);

export function connectTerminal(socket: WebSocket, terminal: Terminal): void {
  const send = (...line: readonly (string | object)[]): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(line));
  };
  send("setup", {});
  const leave = terminal.listen({
    write: (text) => send("stdout", text),
    end() {
      send("disconnect", "the shell has ended");
      socket.close(1000);
    },
  });
  socket.on("message", (data: Buffer) => {
    const line = read(data);
    if (!line) return socket.close(1003, "no line of a terminal");
    if (line[0] === "stdin") terminal.type(line[1]);
    else terminal.resize(line[2], line[1]);
  });
  const stopPinging = pingWhileOpen(socket);
  socket.once("close", () => {
    leave();
    stopPinging();
  });
  socket.on("error", () => socket.terminate());
}

function read(data: Buffer): z.infer<typeof fromBrowser> | undefined {
  try {
    return fromBrowser.safeParse(JSON.parse(data.toString("utf8"))).data;
  } catch {
    return undefined; // the caller closes the line
  }
}
