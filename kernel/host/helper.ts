// A thread beside the cells: interrupts them through an inspector session of its own, also while they block, sends what they printed
// last, and ends the process when the parent is gone, also while they loop.
import { Session } from "node:inspector";
import { Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { questionScript, runtimeName } from "../evaluator/runtime-name.ts";
import { type AnswerBox, putAnswer } from "./ask-user.ts";
import { descriptors, writeReports } from "./child-link.ts";
import { type HelperReport, type HelperRequest, lineReader } from "./child-messages.ts";
import type { DebugAdapter } from "./debugger/adapter.ts";
import { descendantsOf } from "./descendants.ts";
import { type BatchMemory, createRestSender } from "./output-batch.ts";

const blockedMs = 100;
const attempts = 200;

/** Above zero while an interrupt is on its way: the main thread may see it before it is asked. */
const { interrupting, answers, batch } = workerData as {
  interrupting: Int32Array;
  answers: AnswerBox;
  batch: BatchMemory;
};
parentPort!.on("message", createRestSender(batch, writeReports));
const session = new Session();
session.connectToMainThread();
const parent = new Socket({ fd: descriptors.helper, readable: true, writable: true });
parent.setEncoding("utf8");
/** Loaded when first asked for. */
let adapter: DebugAdapter | undefined;
let debugging: Promise<unknown> = Promise.resolve();
let interrupts: Promise<unknown> = Promise.resolve();
parent.on(
  "data",
  lineReader<HelperRequest>((request) => {
    if (request.op === "end") return end();
    if (request.op === "input") return putAnswer(answers, request.number, request.text);
    if (request.op === "debug") {
      debugging = debugging.then(() => debug(request));
      return;
    }
    const { ask } = request;
    // One at a time: a second question within one interruption of the main thread would swallow the termination.
    interrupts = interrupts.then(() => interrupt((stopped) => tell({ ask, value: stopped })));
  }),
);
for (const event of ["end", "close", "error"]) parent.on(event, end);

function tell(report: HelperReport): void {
  parent.write(`${JSON.stringify(report)}\n`);
}

async function debug({ ask, request }: HelperRequest & { op: "debug" }): Promise<void> {
  const { createDebugAdapter } = await import("./debugger/adapter.ts");
  adapter ??= createDebugAdapter(session, (event) => tell({ event }));
  tell({ ask, value: await adapter.handle(request) });
}

async function interrupt(reply: (stopped: boolean) => void): Promise<void> {
  Atomics.add(interrupting, 0, 1);
  const answer = question("probe(false)");
  adapter?.letRun(); // after the question: a paused cell is asked before it goes on
  const probed = await answer;
  reply(true);
  await sleep(probed === "busy" ? blockedMs : 5);
  for (let i = 0; i < attempts && !(await settled()); i++) {
    await question("probe(true)");
    await sleep(5);
  }
  adapter?.mayStop();
  Atomics.sub(interrupting, 0, 1);
}

/** Waits between its tries: what was terminated must first unwind. */
async function settled(): Promise<boolean> {
  for (let i = 0; i < 20; i++) {
    if ((await question("settle()")) === true) return true;
    await sleep(10);
  }
  return false;
}

/**
 * Asks the main thread, wherever it is. If it does not answer, it sits in native code; perhaps in a synchronous wait for a child
 * process, which then gets a SIGINT.
 */
async function question(call: string): Promise<unknown> {
  const nudge = setInterval(() => {
    for (const child of descendantsOf(process.pid)) signal(child, "SIGINT");
  }, blockedMs);
  try {
    return await evaluateOnMain(`globalThis.${runtimeName}.${call}\n//# sourceURL=${questionScript}`);
  } finally {
    clearInterval(nudge);
  }
}

function evaluateOnMain(expression: string): Promise<unknown> {
  return new Promise((resolve) => {
    session.post("Runtime.evaluate", { expression, returnByValue: true, silent: true }, (error, result) => {
      resolve(error ? "terminated" : result.result.value);
    });
  });
}

function end(): void {
  for (const child of descendantsOf(process.pid)) signal(child, "SIGKILL");
  signal(process.pid, "SIGKILL");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
