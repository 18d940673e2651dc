// TypeScript's own language server as a process: started, asked by JSON-RPC, ended. Knows no files. Its package's client is left alone:
// loading it takes longer than all else before a first check, and asking through it a millisecond a cell.
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

interface Answer {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

interface Asked {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

export class TypeServerEnded extends Error {
  override name = "TypeServerEnded";
}

export class TypeProcess {
  /** Where TypeScript's own library is. */
  readonly library: string;
  readonly #process: ChildProcess;
  readonly #asked = new Map<number, Asked>();
  #count = 0;
  #ended: TypeServerEnded | undefined;

  private constructor(process: ChildProcess, library: string) {
    this.#process = process;
    this.library = library;
    const end = (how: string) => this.#end(new TypeServerEnded(`The process that checks types ended (${how})`));
    process.once("exit", (code, signal) => end(signal ?? `exit code ${code}`));
    process.once("error", ({ message }) => end(message));
    process.stdin!.on("error", () => {}); // it has ended: told by its exit
    process.stdout!.on(
      "data",
      messageReader((answer) => this.#settle(answer)),
    );
    process.unref();
    for (const stream of [process.stdin, process.stdout]) (stream as unknown as { unref(): void }).unref();
  }

  /** @throws Error this system has no such program */
  static async start(folder: string): Promise<TypeProcess> {
    const program = await executable();
    const process = spawn(program, ["--api", "--async", "--cwd", folder], { stdio: ["pipe", "pipe", "inherit"] });
    return new TypeProcess(process, dirname(program));
  }

  /** @throws TypeServerEnded the process ends before it answers · Error it cannot answer */
  ask<T>(method: string, params: object | null): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = ++this.#count;
    const text = JSON.stringify({ jsonrpc: "2.0", id, method, params });
    return new Promise<T>((resolve, reject) => {
      this.#asked.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.#process.stdin!.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    });
  }

  kill(): void {
    this.#process.kill("SIGKILL");
  }

  #settle({ id, result, error }: Answer): void {
    const asked = this.#asked.get(id ?? -1);
    this.#asked.delete(id ?? -1);
    if (error) asked?.reject(new Error(error.message));
    else asked?.resolve(result ?? undefined);
  }

  #end(error: TypeServerEnded): void {
    this.#ended ??= error;
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}

/** Its package knows where the program for this system is, but exports that to nobody. */
async function executable(): Promise<string> {
  const folder = dirname(createRequire(import.meta.url).resolve("typescript7/package.json"));
  const { default: find } = (await import(pathToFileURL(join(folder, "lib/getExePath.js")).href)) as {
    default(): string;
  };
  return find();
}

const headEnd = "\r\n\r\n";

/** Takes bytes as they come, calls for each whole message. */
function messageReader(take: (answer: Answer) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = 0;
  return (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (;;) {
      const head = bytes.indexOf(headEnd);
      const start = head + headEnd.length;
      wanted = head < 0 ? 0 : start + lengthIn(bytes.toString("latin1", 0, head));
      if (head < 0 || bytes.length < wanted) break;
      take(JSON.parse(bytes.toString("utf8", start, wanted)) as Answer);
      bytes = bytes.subarray(wanted);
    }
    chunks = [bytes];
    size = bytes.length;
  };
}

function lengthIn(head: string): number {
  const length = /Content-Length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined) throw new Error(`Cannot read the type server's answer: found ${head}, expected a length`);
  return Number(length);
}
