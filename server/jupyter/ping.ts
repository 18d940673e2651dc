// Asks a WebSocket that has gone quiet whether it lives, and ends one that does not answer.
import type { WebSocket } from "ws";

const pingEveryMs = 30_000;

/** @returns what stops it */
export function pingWhileOpen(socket: WebSocket): () => void {
  let lives = true;
  socket.on("pong", () => {
    lives = true;
  });
  const timer = setInterval(() => {
    if (!lives) return socket.terminate();
    lives = false;
    socket.ping();
  }, pingEveryMs);
  timer.unref();
  return () => clearInterval(timer);
}
