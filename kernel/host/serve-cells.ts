// Cells on the child's main thread. Everything they print, show or throw goes to the parent with the run it belongs to.
import { createEvaluator } from "../evaluator/evaluator.ts";
import { isComplete } from "../evaluator/is-complete.ts";
import { type AnswerBox, createAsking } from "./ask-user.ts";
import { createParentLink, onRequest } from "./child-link.ts";
import type { Request } from "./child-messages.ts";
import { type Comm, createComms } from "./comms.ts";
import { createDisplay, createTslab } from "./display.ts";
import type { BatchMemory } from "./output-batch.ts";
import { captureErrors, captureExit, captureOutput, flushBefore, plainConsole } from "./process-hooks.ts";
import { createRuns } from "./runs.ts";

export interface CellsParts {
  /** Above zero while an interrupt is on its way. */
  interrupting: Int32Array;
  answers: AnswerBox;
  batch: BatchMemory;
  /** See OutputBatch. */
  remind: () => void;
}

export function serveCells({ interrupting, answers, batch, remind }: CellsParts): void {
  const { report, output, flush } = createParentLink(batch, remind);
  const display = createDisplay((type, content) => report({ op: "display", run: runs.current(), type, content }));
  const provided = new Map([["tslab", createTslab(display)]]);
  const isInterrupting = () => Atomics.load(interrupting, 0) > 0;
  const evaluator = createEvaluator({ folder: process.cwd(), provided, isInterrupting });
  const runs = createRuns(evaluator, { report, onEnd: () => tellVariables(inspectors) });
  Object.defineProperty(globalThis, Symbol.for("cellwright.display"), { value: display, configurable: true });
  const comms = createComms((message) => report({ op: "comm", run: runs.current(), message }));
  Object.defineProperty(globalThis, Symbol.for("cellwright.comms"), { value: comms, configurable: true });
  /** Inspectors of variables: told at once, at each cell's end, and when they ask. */
  const inspectors = new Set<Comm>();
  const tellVariables = (to: Iterable<Comm>) => {
    for (const comm of to) comm.send({ variables: evaluator.variables() });
  };
  comms.registerTarget("cellwright.variables", (comm) => {
    inspectors.add(comm);
    comm.onMessage(() => tellVariables([comm]));
    comm.onClose(() => inspectors.delete(comm));
    tellVariables([comm]);
  });
  Object.assign(
    globalThis,
    createAsking(answers, (question) => report({ op: "input", run: runs.current(), question })),
  );
  captureOutput((name, text) => output(runs.current(), name, text));
  flushBefore(flush);
  plainConsole();
  captureErrors((error) => runs.lateError(error));
  captureExit((code) => report({ op: "exit", run: runs.current(), code }));
  onRequest((request) => {
    if (request.op === "run") runs.start(request);
    else if (request.op === "prepare") evaluator.prepare(request.code);
    else if (request.op === "complete") answer(request.ask, () => evaluator.complete(request.code, request.cursor));
    else if (request.op === "is-complete") answer(request.ask, () => isComplete(request.code));
    else if (request.op === "comm") void takeComm(request);
    else if (request.op === "variables") answer(request.ask, () => evaluator.variables());
    else answer(request.ask, () => evaluator.inspect(request.code, request.cursor, request.detail));
  });
  report({ op: "ready" });

  /** A handler's output, and what it throws, belong to the message that called it. */
  async function takeComm({ ask, run, message }: Request & { op: "comm" }): Promise<void> {
    await evaluator.within(String(run), () => comms.receive(message).catch((error: unknown) => runs.lateError(error)));
    report({ op: "answer", ask, value: null });
  }

  /** A look-up that fails has found nothing; it is no reason to end. */
  function answer(ask: number, work: () => unknown): void {
    let value: unknown;
    try {
      value = work();
    } catch {
      value = undefined;
    }
    report({ op: "answer", ask, value: value ?? null });
  }
}
