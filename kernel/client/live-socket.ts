// A WebSocket that notices when nobody is at its other end any more, though the network has not said so: a machine that slept, a
// router that forgot. Then it closes, and Jupyter's client connects anew.
import { WebSocket } from "ws";

const pingEveryMs = 20_000;

export class LiveWebSocket extends WebSocket {
  constructor(address: string, protocols: string[] = []) {
    super(address, protocols);
    let answered = true;
    const timer = setInterval(() => {
      if (this.readyState !== WebSocket.OPEN) return;
      if (!answered) return this.terminate();
      answered = false;
      this.ping();
    }, pingEveryMs);
    timer.unref();
    this.on("pong", () => {
      answered = true;
    });
    this.once("close", () => clearInterval(timer));
  }
}
