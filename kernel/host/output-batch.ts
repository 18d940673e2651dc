// Output on its way to the parent. A few lines go at once, so that they are out whatever happens next; of many that come close
// together most are kept for a moment and go in one write. What is kept is in memory that a second thread sees too: it sends what is
// left when the first one computes and prints nothing more.
import { endFrame, frameKind, headSize, isFrameOf, type OutputName, startFrame } from "./child-messages.ts";

/**
 * Shared by both threads: who writes just now, how many bytes are kept, where the last frame begins, then the bytes. An interrupt may end
 * the first thread's code between any two steps; what is kept then still makes whole frames.
 */
export type BatchMemory = SharedArrayBuffer;

/** More than a longest fragment and its head. */
const sizeBytes = 131_072;
/** Kept text beyond it gains nothing by waiting. */
const fullBytes = 65_536;
const fields = 3;
const headBytes = 4 * fields;
const field = { writer: 0, length: 1, last: 2 } as const;
const writer = { nobody: 0, cells: 1, helper: 2 } as const;

/** So many pieces within a window go at once. */
const windowMs = 5;
const atOnce = 16;
/** Output is never kept longer while more comes, nor when no more comes. */
const keptMs = 2;

export type Write = (bytes: Uint8Array) => void;

export function newBatchMemory(): BatchMemory {
  return new SharedArrayBuffer(headBytes + sizeBytes);
}

/** The side of the thread that prints. */
export class OutputBatch {
  readonly #head: Int32Array;
  readonly #bytes: Buffer;
  readonly #write: Write;
  readonly #remind: () => void;
  #windowStartMs = 0;
  #inWindow = 0;
  #sentMs = 0;
  #remindedMs = 0;

  /** @param remind asks the second thread to send what is left, soon */
  constructor(memory: BatchMemory, write: Write, remind: () => void) {
    this.#head = new Int32Array(memory, 0, fields);
    this.#bytes = Buffer.from(memory, headBytes, sizeBytes);
    this.#write = write;
    this.#remind = remind;
  }

  /** @param fragment the inside of a JSON string, one of outputFragments */
  add(run: number, name: OutputName, fragment: string): void {
    const nowMs = performance.now();
    this.#enter();
    if (this.#length + headSize + fragment.length * 3 > sizeBytes) this.#send(nowMs);
    this.#keep(run, frameKind[name], fragment);
    if (nowMs - this.#windowStartMs > windowMs) {
      this.#windowStartMs = nowMs;
      this.#inWindow = 0;
    }
    const kept = ++this.#inWindow > atOnce && nowMs - this.#sentMs < keptMs && this.#length < fullBytes;
    if (!kept) this.#send(nowMs);
    this.#leave();
    if (kept && nowMs - this.#remindedMs > keptMs) {
      this.#remindedMs = nowMs;
      this.#remind();
    }
  }

  /** All that is kept goes, and what is given after it. */
  flush(after?: Uint8Array): void {
    this.#enter();
    this.#send(performance.now());
    if (after) this.#write(after);
    this.#leave();
  }

  #keep(run: number, kind: number, fragment: string): void {
    const length = this.#length;
    const last = Atomics.load(this.#head, field.last);
    if (last < length && isFrameOf(this.#bytes, last, kind, run)) {
      const more = this.#bytes.write(fragment, length, "utf8");
      Atomics.store(this.#head, field.length, length + more);
      return;
    }
    if (last < length) endFrame(this.#bytes, last, length);
    startFrame(this.#bytes, length, kind, run);
    const size = headSize + this.#bytes.write(fragment, length + headSize, "utf8");
    Atomics.store(this.#head, field.last, length);
    Atomics.store(this.#head, field.length, length + size);
  }

  #send(nowMs: number): void {
    this.#sentMs = nowMs;
    sendKept(this.#head, this.#bytes, this.#write);
  }

  get #length(): number {
    return Atomics.load(this.#head, field.length);
  }

  /** What an interrupt has left behind as this thread's is this thread's. */
  #enter(): void {
    while (Atomics.compareExchange(this.#head, field.writer, writer.nobody, writer.cells) === writer.helper)
      Atomics.wait(this.#head, field.writer, writer.helper, 100);
  }

  #leave(): void {
    Atomics.store(this.#head, field.writer, writer.nobody);
  }
}

/** The side of the second thread. @returns sends what is kept, unless the first thread is about to */
export function createRestSender(memory: BatchMemory, write: Write): () => void {
  const head = new Int32Array(memory, 0, fields);
  const bytes = Buffer.from(memory, headBytes, sizeBytes);
  let waiting: NodeJS.Timeout | undefined;
  const send = (): void => {
    waiting = undefined;
    if (Atomics.load(head, field.length) === 0) return;
    if (Atomics.compareExchange(head, field.writer, writer.nobody, writer.helper) !== writer.nobody) {
      later();
      return;
    }
    try {
      sendKept(head, bytes, write);
    } finally {
      Atomics.store(head, field.writer, writer.nobody);
      Atomics.notify(head, field.writer);
    }
  };
  const later = (): void => {
    if (!waiting) waiting = setTimeout(send, keptMs);
  };
  return later;
}

/** Forgotten before it is written: an interrupt comes while a full pipe is waited for, and nothing is to go twice. */
function sendKept(head: Int32Array, bytes: Buffer, write: Write): void {
  const last = Atomics.load(head, field.last);
  const length = Atomics.exchange(head, field.length, 0);
  if (last < length) endFrame(bytes, last, length);
  if (length > 0) write(bytes.subarray(0, length));
}
