// Puts pieces of output that come close together into one stream message. A piece is the inside of a JSON string, never parsed.
import type { OutputName } from "./child-messages.ts";

export type SendStream = (run: number, content: Buffer) => void;

const flushMs = 5;
const limitBytes = 1 << 20;
const quote = Buffer.from('"}');

export class StreamBuffer {
  readonly #send: SendStream;
  #pieces: Buffer[] = [];
  #size = 0;
  #run = 0;
  #name: OutputName = "stdout";
  #timer: NodeJS.Timeout | undefined;

  /** @param send gets the message's content as JSON bytes */
  constructor(send: SendStream) {
    this.#send = send;
  }

  add(run: number, name: OutputName, pieces: readonly Buffer[]): void {
    if (run !== this.#run || name !== this.#name) this.flush();
    this.#run = run;
    this.#name = name;
    for (const piece of pieces) {
      this.#pieces.push(piece);
      this.#size += piece.length;
    }
    if (this.#size > limitBytes) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), flushMs);
  }

  /** Before any other message, so that the order of what a cell did is kept. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pieces.length === 0) return;
    const head = Buffer.from(`{"name":"${this.#name}","text":"`);
    this.#send(this.#run, Buffer.concat([head, ...this.#pieces, quote]));
    this.#pieces = [];
    this.#size = 0;
  }
}
