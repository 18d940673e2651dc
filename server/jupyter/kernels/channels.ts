// A browser's WebSocket on a kernel: frames in become messages to it, what it says becomes frames out.
import type { WebSocket } from "ws";
import { pingWhileOpen } from "../ping.ts";
import type { Kernel } from "./kernel.ts";
import { type RequestChannel, readJson } from "./kernel-link.ts";
import { type FrameCodec, jsonFrames, v1Frames, v1Protocol } from "./websocket-frames.ts";

const requestChannels: readonly string[] = ["shell", "control", "stdin"];

/** @param session the client's own id, as its address names it; one that names none is known by its requests, as Python's are */
export function connectWebSocket(socket: WebSocket, kernel: Kernel, session: string): void {
  const frames: FrameCodec = socket.protocol === v1Protocol ? v1Frames : jsonFrames;
  let own = session;
  const leave = kernel.listen({
    get session() {
      return own;
    },
    hear: (channel, message) => {
      if (socket.readyState === socket.OPEN) socket.send(frames.pack(channel, message));
    },
  });
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    try {
      const { channel, message } = frames.unpack(data, isBinary);
      if (session === "") own = (readJson(message.parts[0]!) as { session?: string }).session ?? "";
      if (requestChannels.includes(channel)) kernel.send(channel as RequestChannel, message);
    } catch {
      socket.close(1003, "no kernel message");
    }
  });
  const stopPinging = pingWhileOpen(socket);
  socket.once("close", () => {
    leave();
    stopPinging();
  });
  socket.on("error", () => socket.terminate());
}
