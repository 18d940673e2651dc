// A WebSocket that hears the server's events, one JSON object each. What it says is passed over, as Jupyter Server does.
import type { WebSocket } from "ws";
import { pingWhileOpen } from "../ping.ts";
import type { Events } from "./events.ts";

export function connectEvents(socket: WebSocket, events: Events): void {
  const leave = events.listen((event) => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(event));
  });
  const stopPinging = pingWhileOpen(socket);
  socket.once("close", () => {
    leave();
    stopPinging();
  });
  socket.on("error", () => socket.terminate());
}
