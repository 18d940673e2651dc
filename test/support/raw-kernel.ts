// A kernel as the tests see it: the real process, spoken to over ZeroMQ frame by frame, so that a test may also send what no client
// would (a forged signature, a message twice).
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type ConnectionInfo, newConnection, writeConnectionFile } from "../../kernel/protocol/connection-file.ts";
import { type Content, type Message, newMessage } from "../../kernel/protocol/message.ts";
import { type Channels, connectChannels } from "../../kernel/protocol/sockets.ts";
import { decode, encode } from "../../kernel/protocol/wire.ts";

export const kernelMain =
  process.env["CELLWRIGHT_TEST_KERNEL"] ?? fileURLToPath(new URL("../../dist/kernel/host/main.js", import.meta.url));

export interface RawKernelOptions {
  cwd?: string;
  env?: Record<string, string>;
  /** Default "run": what is tested is the running. */
  mode?: "check" | "run";
  /** Node to run the kernel with. Default: the one that runs the tests, or CELLWRIGHT_TEST_NODE. */
  node?: string;
}

/** What came back for one request. */
export interface Exchange {
  readonly reply: Message;
  /** On iopub, with the request as parent, up to and including idle. */
  readonly iopub: Message[];
}

export class RawKernel {
  readonly process: ChildProcess;
  readonly connection: ConnectionInfo;
  readonly folder: string;
  readonly channels: Channels;
  readonly session = randomUUID();
  /** All of iopub, in order. */
  readonly published: Message[] = [];
  /** Questions on standard input. */
  readonly asked: Message[] = [];
  stderr = "";
  readonly #replies: Message[] = [];
  readonly #waiting = new Set<() => void>();

  private constructor(process: ChildProcess, connection: ConnectionInfo, folder: string) {
    this.process = process;
    this.connection = connection;
    this.folder = folder;
    this.channels = connectChannels(connection, this.session);
    process.stderr?.setEncoding("utf8").on("data", (text) => (this.stderr += text));
    for (const name of ["shell", "control", "stdin", "iopub"] as const) void this.#listen(name);
  }

  /** Resolves when iopub is subscribed. */
  static async start({ cwd, env = {}, mode = "run", node }: RawKernelOptions = {}): Promise<RawKernel> {
    const folder = mkdtempSync(join(tmpdir(), "kernel-"));
    const connection = await newConnection();
    const path = join(folder, "connection.json");
    writeConnectionFile(path, connection);
    const { JPY_PARENT_PID: _, ...inherited } = process.env;
    const command = node ?? process.env["CELLWRIGHT_TEST_NODE"] ?? process.execPath;
    const child = spawn(command, [kernelMain, path, "--mode", mode], {
      cwd: cwd ?? folder,
      env: { ...inherited, NODE_OPTIONS: "", CELLWRIGHT_KERNEL_HISTORY: "off", ...env },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const kernel = new RawKernel(child, connection, folder);
    await kernel.until(() => kernel.published.some(({ header }) => header.msg_type === "iopub_welcome"));
    return kernel;
  }

  /** To a kernel that another process has started. */
  static attach(connection: ConnectionInfo, folder: string): RawKernel {
    return new RawKernel(Object.assign(new EventEmitter(), { exitCode: null }) as ChildProcess, connection, folder);
  }

  async #listen(name: "shell" | "control" | "stdin" | "iopub"): Promise<void> {
    for await (const frames of this.channels[name]) {
      const { message } = decode(frames, this.connection.key);
      (name === "iopub" ? this.published : name === "stdin" ? this.asked : this.#replies).push(message);
      for (const check of this.#waiting) check();
    }
  }

  /** Resolves as soon as the condition holds; checked at every message. */
  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const gone = () =>
        setTimeout(() => reject(new Error(`The kernel has ended (${this.process.exitCode}): ${this.stderr}`)), 2000);
      const check = () => {
        if (!holds()) return;
        this.#waiting.delete(check);
        this.process.off("exit", gone);
        resolve();
      };
      this.#waiting.add(check);
      this.process.once("exit", gone);
      check();
      if (this.process.exitCode !== null || this.process.signalCode) gone();
    });
  }

  send(type: string, content: Content, channel: "shell" | "control" = "shell"): Message {
    const message = newMessage(type, content, { session: this.session });
    void this.channels[channel].send(encode(message, this.connection.key));
    return message;
  }

  /** Types an answer to a question. */
  answer(question: Message, value: string): void {
    const message = newMessage(
      "input_reply",
      { status: "ok", value },
      { session: this.session, parent: question.header },
    );
    void this.channels.stdin.send(encode(message, this.connection.key));
  }

  replyTo(request: Message): Message | undefined {
    return this.#replies.find((message) => isAnswer(message, request));
  }

  iopubOf(request: Message): Message[] {
    return this.published.filter((message) => isAnswer(message, request));
  }

  /** Waits for the reply and for idle. */
  async exchange(request: Message): Promise<Exchange> {
    await this.until(() => this.replyTo(request) !== undefined && this.iopubOf(request).some(isIdle));
    return { reply: this.replyTo(request)!, iopub: this.iopubOf(request) };
  }

  request(type: string, content: Content = {}, channel: "shell" | "control" = "shell"): Promise<Exchange> {
    return this.exchange(this.send(type, content, channel));
  }

  start(code: string, options: Content = {}): Message {
    return this.send("execute_request", { code, ...options });
  }

  execute(code: string, options: Content = {}): Promise<Exchange> {
    return this.exchange(this.start(code, options));
  }

  /** The text of the result, or the error's name and value. */
  async value(code: string): Promise<string | undefined> {
    const { iopub } = await this.execute(code);
    const error = iopub.find(({ header }) => header.msg_type === "error")?.content;
    if (error) return `${error["ename"]}: ${error["evalue"]}`;
    const result = iopub.find(({ header }) => header.msg_type === "execute_result")?.content;
    return (result?.["data"] as Record<string, string> | undefined)?.["text/plain"];
  }

  /** Resolves with the exit code. */
  async ended(): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) await once(this.process, "exit");
    return this.process.exitCode;
  }

  async stop(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill("SIGKILL");
      await this.ended();
    }
    this.channels.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function isAnswer({ parent_header: parent }: Message, { header }: Message): boolean {
  return parent.msg_id === header.msg_id;
}

export function isIdle({ header, content }: Message): boolean {
  return header.msg_type === "status" && content["execution_state"] === "idle";
}

/** Text of one stream, put together. */
export function streamText(messages: readonly Message[], name = "stdout"): string {
  return messages
    .filter(({ header, content }) => header.msg_type === "stream" && content["name"] === name)
    .map(({ content }) => content["text"])
    .join("");
}

export function ofType(messages: readonly Message[], type: string): Content[] {
  return messages.filter(({ header }) => header.msg_type === type).map(({ content }) => content);
}
