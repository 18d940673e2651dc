// A WebSocket that notices when nobody is at its other end any more, though the network has not said so: a machine that slept, a
// router that forgot; nor when one takes the connection and never says a word. Then it closes, and Jupyter's client connects anew.
import { WebSocket } from "ws";

export class LiveWebSocket extends WebSocket {
  /** An answer is waited for as long as lies between two questions. */
  static readonly pingEveryMs: number = 20_000;

  constructor(address: string, protocols: string[] = []) {
    const { pingEveryMs } = new.target;
    super(address, protocols, { handshakeTimeout: pingEveryMs });
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
