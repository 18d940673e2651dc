// The process that runs cells, seen from the parent: started, asked, interrupted, ended. Knows no protocol.
import { type ChildProcess, spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import type { CellError } from "../evaluator/stack-traces.ts";
import type { Question } from "./ask-user.ts";
import {
  type DisplayType,
  frameReader,
  type HelperReport,
  type HelperRequest,
  lineReader,
  type OutputName,
  type Report,
  type Request,
  type RunOutcome,
} from "./child-messages.ts";
import type { CommMessage } from "./comms.ts";
import type { DebugEvent, DebugRequest, DebugResponse } from "./debugger/dap.ts";
import { readNow } from "./read-now.ts";
import { memoryFlags } from "./settings.ts";

export interface ChildEvents {
  /** Text of a run's output, as the inside of a JSON string in pieces. */
  onOutput(run: number, name: OutputName, pieces: readonly Buffer[]): void;
  onDisplay(run: number, type: DisplayType, content: object): void;
  onLateError(run: number, error: CellError): void;
  /** A cell waits for an answer. */
  onQuestion(run: number, question: Question): void;
  /** From a cell to the client. */
  onComm(run: number, message: CommMessage): void;
  /** Of the debugger: a cell was paused, or goes on. */
  onDebugEvent(event: DebugEvent): void;
  /** A cell called process.exit. */
  onExit(code: number): void;
  /** The process ended in any other way. */
  onDeath(reason: string): void;
}

export interface CellRequest {
  run: number;
  label: string;
  code: string;
  expressions: Record<string, string>;
}

export interface Child {
  /** Before it, only a death can happen; it is told then. */
  listen(events: ChildEvents): void;
  /** The next cell is this one, as soon as it may run. */
  prepare(code: string): void;
  run(request: CellRequest): Promise<RunOutcome>;
  complete(code: string, cursor: number): Promise<unknown>;
  inspect(code: string, cursor: number, detail: number): Promise<unknown>;
  isComplete(code: string): Promise<unknown>;
  /** Resolves when the cells' handler has taken it. */
  comm(run: number, message: CommMessage): Promise<void>;
  /** @param text null where nobody can be asked */
  answer(question: number, text: string | null): void;
  /** Answered also while a cell blocks or is paused. */
  debug(request: DebugRequest): Promise<DebugResponse>;
  /** Resolves when the interrupt is under way. */
  interrupt(): Promise<void>;
  /** Ends it and all it has started; no event follows. */
  end(): Promise<void>;
}

const endMs = 1000;
/** For what was asked before an interrupt. */
const answerMs = 2000;

export function startChild(): Child {
  const child = spawnChild();
  const [, stdout, stderr, reports, requests, helper] = child.stdio as unknown as Socket[];
  const outcomes = new Map<number, (outcome: RunOutcome) => void>();
  /** Of the thread that runs cells, and of the one beside it. */
  const answers = new Map<number, (value: unknown) => void>();
  const helperAnswers = new Map<number, (value: unknown) => void>();
  let asked = 0;
  let lastRun = 0;
  let errorTail = "";
  let over = false;
  let events: ChildEvents | undefined;
  let death: string | undefined;

  reports!.on(
    "data",
    frameReader({ output: (run, name, pieces) => events?.onOutput(run, name, pieces), report: onReport }),
  );
  helper!.setEncoding("utf8").on(
    "data",
    lineReader<HelperReport>((report) => {
      if ("event" in report) events?.onDebugEvent(report.event);
      else settle(helperAnswers, report.ask, report.value);
    }),
  );
  const drainRawOutput = [
    readNow(stdout!, (text) => onRawOutput("stdout", text)),
    readNow(stderr!, (text) => onRawOutput("stderr", text)),
  ];
  for (const stream of [stdout, stderr, reports, requests, helper]) stream!.on("error", () => {}); // it has died: told below
  child.once("exit", (code, signal) => setTimeout(() => onEnd(code, signal), 20)); // what it wrote last is read first
  child.once("error", (error) => onFailure(`The process that runs cells could not start: ${error.message}`));

  function onReport(report: Report): void {
    // What native code and processes have printed before comes by other pipes than this news.
    if (report.op === "done" || report.op === "answer") for (const drain of drainRawOutput) drain();
    if (report.op === "done") settle(outcomes, report.run, report.outcome);
    else if (report.op === "answer") settle(answers, report.ask, report.value);
    else if (report.op === "display") events?.onDisplay(report.run, report.type, report.content);
    else if (report.op === "input") events?.onQuestion(report.run, report.question);
    else if (report.op === "comm") events?.onComm(report.run, report.message);
    else if (report.op === "late-error") events?.onLateError(report.run, report.error);
    else if (report.op === "exit") {
      over = true;
      events?.onExit(report.code);
    }
  }

  function onRawOutput(name: OutputName, raw: string): void {
    const text = name === "stderr" ? raw.replaceAll(farewell, "") : raw;
    if (text !== "") events?.onOutput(lastRun, name, [Buffer.from(JSON.stringify(text).slice(1, -1))]);
    if (name === "stderr") errorTail = (errorTail + text).slice(-4000);
  }

  function onEnd(code: number | null, signal: string | null): void {
    onFailure(reasonOf(errorTail, code, signal));
  }

  function onFailure(reason: string): void {
    if (over) return;
    over = true;
    death = reason;
    answerAll();
    events?.onDeath(reason);
  }

  /** Nobody is to wait for a process that is gone. */
  function answerAll(): void {
    for (const waiting of [answers, helperAnswers]) for (const ask of [...waiting.keys()]) settle(waiting, ask, null);
  }

  function ask(socket: Socket, make: (ask: number) => Request | HelperRequest): Promise<unknown> {
    return new Promise((resolve) => {
      (socket === helper ? helperAnswers : answers).set(++asked, resolve);
      socket.write(`${JSON.stringify(make(asked))}\n`);
    });
  }

  return {
    listen: (listening) => {
      events = listening;
      if (death !== undefined) events.onDeath(death);
    },
    prepare: (code) => {
      requests!.write(`${JSON.stringify({ op: "prepare", code } satisfies Request)}\n`);
    },
    run: (request) =>
      new Promise((resolve) => {
        lastRun = request.run;
        outcomes.set(request.run, resolve);
        requests!.write(`${JSON.stringify({ op: "run", ...request } satisfies Request)}\n`);
      }),
    complete: (code, cursor) => ask(requests!, (ask) => ({ op: "complete", ask, code, cursor })),
    inspect: (code, cursor, detail) => ask(requests!, (ask) => ({ op: "inspect", ask, code, cursor, detail })),
    isComplete: (code) => ask(requests!, (ask) => ({ op: "is-complete", ask, code })),
    comm: async (run, message) => {
      lastRun = run;
      await ask(requests!, (ask) => ({ op: "comm", ask, run, message }));
    },
    answer: (number, text) => {
      helper!.write(`${JSON.stringify({ op: "input", number, text } satisfies HelperRequest)}\n`);
    },
    debug: async (request) => (await ask(helper!, (ask) => ({ op: "debug", ask, request }))) as DebugResponse,
    interrupt: async () => {
      const open = [...answers.keys()];
      await ask(helper!, (ask) => ({ op: "interrupt", ask }));
      // What was being looked up may have been ended with the rest: nobody is to wait for it.
      setTimeout(() => open.map((ask) => settle(answers, ask, null)), answerMs).unref();
    },
    end: async () => {
      over = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
      const hard = setTimeout(() => child.kill("SIGKILL"), endMs);
      void ask(helper!, (ask) => ({ op: "end", ask }));
      await ended;
      clearTimeout(hard);
      answerAll();
    },
  };
}

/** What Node says on stderr when a process ends that we inspect: none of the cell's output. */
const farewell = "Waiting for the debugger to disconnect...\n";

function settle<T>(waiting: Map<number, (value: T) => void>, id: number, value: T): void {
  const resolve = waiting.get(id);
  waiting.delete(id);
  resolve?.(value);
}

function spawnChild(): ChildProcess {
  const { JPY_PARENT_PID: _, ...env } = process.env; // about this process, not about what a cell starts
  const entry = fileURLToPath(new URL("./child.js", import.meta.url));
  const stdio = ["ignore", "pipe", "pipe", "pipe", "pipe", "pipe"] as const;
  return spawn(process.execPath, [...nodeFlags(), entry], { env, stdio: [...stdio] });
}

function nodeFlags(): string[] {
  const major = Number(process.versions.node.split(".")[0]);
  return [
    "--no-force-async-hooks-checks", // an interrupt may end a timer's code
    "--experimental-vm-modules", // the notebook's own .ts files
    "--disable-warning=ExperimentalWarning",
    "--min-semi-space-size=4", // a sum in a top-level loop makes a number object each time round; larger ones cost page faults
    ...(major === 22 ? ["--experimental-async-context-frame"] : []),
    ...memoryFlags(),
  ];
}

function reasonOf(errorTail: string, code: number | null, signal: string | null): string {
  if (/heap out of memory|heap limit/i.test(errorTail)) {
    const [, megabytes] = /Mark-Compact[^\n]*?(\d+)\.\d \(\d+\.\d\) MB/.exec(errorTail) ?? [];
    const found = megabytes ? ` at ${megabytes} MB` : "";
    return `The kernel ran out of memory${found}: CELLWRIGHT_KERNEL_MEMORY_MB sets the limit.`;
  }
  const how = signal === "SIGKILL" ? "SIGKILL, perhaps for want of memory" : (signal ?? `exit code ${code}`);
  return `The kernel's process ended (${how}).`;
}
