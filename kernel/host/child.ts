// The child's main thread: where cells run. Everything it prints, shows or throws goes to the parent with the run it belongs to.
import { Worker } from "node:worker_threads";
import { createAsking, newAnswerBox } from "./ask-user.ts";
import { createParentLink, onRequest } from "./child-link.ts";
import type { Request } from "./child-messages.ts";
import type { Comm } from "./comms.ts";
import { newBatchMemory } from "./output-batch.ts";

process.on("SIGINT", () => {}); // the parent gets it too, and interrupts
const interrupting = new Int32Array(new SharedArrayBuffer(4));
const answers = newAnswerBox();
const batch = newBatchMemory();
const helper = new Worker(new URL("./helper.js", import.meta.url), { workerData: { interrupting, answers, batch } });
helper.unref();
const { report, output, flush } = createParentLink(batch, () => helper.postMessage("send the rest"));
// The helper starts in its own thread while the evaluator's packages load in this one.
const { createEvaluator } = await import("../evaluator/evaluator.ts");
const { isComplete } = await import("../evaluator/is-complete.ts");
const { createComms } = await import("./comms.ts");
const { createDisplay, createTslab } = await import("./display.ts");
const { captureErrors, captureExit, captureOutput, flushBefore, plainConsole } = await import("./process-hooks.ts");
const { createRuns } = await import("./runs.ts");

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
