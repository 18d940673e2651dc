// Cells from execute_request to its reply: counting, who owns which output, and what happens when the process below ends: another one
// takes its place. One cell at a time; the caller sees to that.
import type { CellError } from "../evaluator/stack-traces.ts";
import type { Content, ExecuteReply, Message, MessageHeader } from "../protocol/message.ts";
import type { Checks } from "./checks.ts";
import type { RunOutcome } from "./child-messages.ts";
import type { CellRequest, Child } from "./child-process.ts";
import type { CommMessage } from "./comms.ts";
import type { History } from "./history.ts";
import type { Publish } from "./kernel.ts";
import { createOutputLimit } from "./output-limit.ts";
import { StreamBuffer } from "./stream-buffer.ts";

export interface ExecutionParts {
  child: Child;
  checks: Checks;
  restartChild: () => Child;
  publish: Publish;
  publishComm(message: CommMessage, parent?: MessageHeader): void;
  /** Sends input_request to the client that sent the cell with this header, as soon as it can be reached while it is awaited. */
  askClient(header: MessageHeader, content: Content, isAwaited: () => boolean): void;
  history: History;
  /** Of what one cell prints. */
  outputLimitBytes: number;
  /** All that cells have made is gone, the kernel lives. */
  onLoss(): void;
  /** Ends the kernel. */
  stop(code: number): void;
}

export interface Execution {
  /** @param announce tells that the kernel is busy */
  execute(message: Message, announce: () => void): Promise<Content>;
  /** The reply to a cell that is not run, because one before it failed. */
  aborted(): Content;
  interrupt(): Promise<void>;
  /** A comm's message from the client; resolves when the cells' handler has taken it. */
  comm(header: MessageHeader, message: CommMessage): Promise<void>;
  /** What the client typed. */
  input(text: string): void;
  /** Output so far goes out. */
  flush(): void;
  /** What had to wait until the cell was answered: the end of a kernel whose process is gone. */
  afterReply(): Promise<void>;
  child(): Child;
}

/** Headers of past cells, for their late output. */
const rememberedRuns = 10_000;
/** A cell that an interrupt has not ended by then sits in native code for good. */
const stuckMs = 10_000;
const interruptReplyMs = 1000;
/** In a row, without a cell that ended in between: starting the process anew does not help. */
const mostDeaths = 3;

export function createExecution({
  child: first,
  checks,
  restartChild,
  publish,
  publishComm,
  askClient,
  history,
  outputLimitBytes,
  onLoss,
  stop,
}: ExecutionParts): Execution {
  const headers = new Map<number, MessageHeader>();
  let child = first;
  let count = 0;
  let runs = 0;
  let running: { run: number; asks: boolean; settle: (outcome: RunOutcome) => void } | undefined;
  let asked: number | undefined;
  let endCode: number | undefined;
  let deaths = 0;
  const headerOf = (run: number) => headers.get(run) ?? headers.get(runs);
  const streams = new StreamBuffer((run, content) => publish("stream", content, headerOf(run)));
  const limit = createOutputLimit(outputLimitBytes, (run, name, text) => streams.add(run, name, [text]));
  const publishNow = (type: string, content: object, run: number) => {
    streams.flush();
    publish(type, content, headerOf(run));
  };
  listen();

  function listen(): void {
    child.listen({
      onOutput: (run, name, pieces) => {
        if (limit.admits(run, pieces)) streams.add(run, name, pieces);
      },
      onDisplay: (run, type, content) => publishNow(type, content, run),
      onQuestion: (run, { number, prompt, password }) => {
        const header = headers.get(run);
        if (running?.run !== run || !running.asks || !header) return child.answer(number, null);
        asked = number;
        streams.flush();
        askClient(header, { prompt, password }, () => asked === number && running?.run === run);
      },
      onComm: (run, message) => {
        streams.flush();
        publishComm(message, headerOf(run));
      },
      onDebugEvent: (event) => publishNow("debug_event", event, runs),
      onLateError: (run, error) => publishNow("error", error, run),
      onExit: (code) => end({ status: "ok" }, code),
      onDeath: outlive,
    });
  }

  /** The process is replaced; a kernel whose process ends again and again ends with it. */
  function outlive(reason: string): void {
    const error = kernelError("KernelDied", reason);
    if (++deaths >= mostDeaths) {
      end({ status: "error", error }, 1);
      return;
    }
    const late = running ? undefined : error; // no cell's error
    replaceChild();
    if (late) publishNow("error", late, runs);
    publishNow("stream", { name: "stderr", text: "A new process runs the cells: all variables are gone.\n" }, runs);
    running?.settle({ status: "error", error });
  }

  function replaceChild(): void {
    child = restartChild();
    checks.checker.clear();
    listen();
    onLoss();
  }

  /** A cell that runs is answered first; then the kernel ends. */
  function end(outcome: RunOutcome, code: number): void {
    endCode = code;
    if (running) {
      running.settle(outcome);
      return;
    }
    if (outcome.error) publishNow("error", outcome.error, runs);
    stop(code);
  }

  async function execute({ header, content }: Message, announce: () => void): Promise<Content> {
    const { code, silent, stored, asks, expressions } = readRequest(content);
    const number = stored ? ++count : count + 1;
    const run = ++runs;
    remember(run, header);
    if (stored) history.add(number, code);
    const label = silent ? "silent cell" : `cell [${number}]`;
    const name = askedName(code);
    const ended = new Promise<RunOutcome>((settle) => {
      running = { run, asks, settle };
      void (name ? page(name) : runCell({ run, label, code, expressions })).then(settle);
    });
    // Told while the cell is already checked or runs; what it prints is read only afterwards.
    const told = new Promise<void>((resolve) =>
      setImmediate(() => {
        if (checks.first && !name) child.prepare(code);
        announce();
        if (!silent) publishNow("execute_input", { code, execution_count: number }, run);
        resolve();
      }),
    );
    if (!name)
      void checks.beside({ label, code }, ended).then((data) => {
        if (data && !silent) publishNow("display_data", { data, metadata: {}, transient: {} }, run);
      });
    const [outcome] = await Promise.all([ended, told]);
    running = undefined;
    if (!isLoss(outcome.error)) deaths = 0;
    limit.end(run);
    if (!silent) publishOutcome(outcome, run, number);
    if (stored) history.end(outcome.data ? String(outcome.data["text/plain"] ?? "") : null);
    return { ...toReply(outcome, stored ? number : count) };
  }

  async function runCell(request: CellRequest): Promise<RunOutcome> {
    const asked = child;
    const refusal = await checks.before(request);
    if (refusal) return { status: "error", error: refusal };
    return await asked.run(request); // of a process that has ended meanwhile nothing comes: the cell has its error
  }

  /** What `name?` shows: a page beside the notebook, where the client has one. */
  async function page({ name, detail }: AskedName): Promise<RunOutcome> {
    const found = (await child.inspect(name, name.length, detail)) as { text: string; markdown: string } | null;
    if (!found) return { status: "error", error: kernelError("ReferenceError", `${name} is not defined`) };
    const data = { "text/plain": found.text, "text/markdown": found.markdown };
    return { status: "ok", payload: [{ source: "page", data, start: 0 }] };
  }

  function publishOutcome({ data, error }: RunOutcome, run: number, number: number): void {
    if (error) publishNow("error", error, run);
    else if (data) publishNow("execute_result", { execution_count: number, data, metadata: {} }, run);
  }

  function remember(run: number, header: MessageHeader): void {
    headers.set(run, header);
    headers.delete(run - rememberedRuns);
  }

  async function interrupt(): Promise<void> {
    const interrupted = running;
    checks.interrupt();
    if (interrupted) setTimeout(() => running === interrupted && restartStuck(interrupted.settle), stuckMs).unref();
    await Promise.race([child.interrupt(), new Promise((resolve) => setTimeout(resolve, interruptReplyMs))]);
  }

  function restartStuck(settle: (outcome: RunOutcome) => void): void {
    void child.end();
    replaceChild();
    const message = "The cell did not stop when interrupted: its process was started anew, all variables are lost.";
    settle({ status: "error", error: kernelError("KernelRestarted", message) });
  }

  return {
    execute,
    aborted: () => ({ status: "aborted", execution_count: count }),
    interrupt,
    comm: async (header, message) => {
      const run = ++runs;
      remember(run, header);
      await child.comm(run, message);
    },
    input: (text) => {
      if (asked !== undefined) child.answer(asked, text);
      asked = undefined;
    },
    flush: () => streams.flush(),
    afterReply: async () => {
      if (endCode !== undefined) stop(endCode);
    },
    child: () => child,
  };
}

function readRequest(content: Content) {
  const silent = content["silent"] === true;
  const { code, user_expressions: expressions } = content;
  return {
    code: typeof code === "string" ? code : "",
    silent,
    asks: content["allow_stdin"] === true,
    stored: !silent && content["store_history"] !== false,
    expressions: (typeof expressions === "object" && expressions !== null ? expressions : {}) as Record<string, string>,
  };
}

interface AskedName {
  readonly name: string;
  readonly detail: 0 | 1;
}

/** A cell that is nothing but `name?` or `?name` asks what the name is; with two marks, for all there is. */
function askedName(code: string): AskedName | undefined {
  const name = String.raw`[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\.[\p{ID_Start}$_][\p{ID_Continue}$]*)*`;
  const [, before, first, second, after] =
    new RegExp(`^\\s*(?:(\\?\\??)(${name})|(${name})(\\?\\??))\\s*$`, "u").exec(code) ?? [];
  const marks = before || after;
  if (!marks) return undefined;
  return { name: (first ?? second)!, detail: marks.length > 1 ? 1 : 0 };
}

function toReply({ status, error, expressions = {}, payload = [] }: RunOutcome, count: number): ExecuteReply {
  if (status === "error" && error)
    return { status, execution_count: count, ...error, user_expressions: {}, payload: [] };
  return { status: "ok", execution_count: count, user_expressions: expressions, payload: [...payload] };
}

/** Is this how a cell ends whose process is gone, and all variables with it? */
export function isLoss(error: { readonly ename?: unknown } | undefined): boolean {
  return error?.ename === "KernelDied" || error?.ename === "KernelRestarted";
}

function kernelError(ename: string, evalue: string): CellError {
  return { ename, evalue, traceback: [`${ename}: ${evalue}`] };
}
