// The child's main thread: where cells run. Everything it prints, shows or throws goes to the parent with the run it belongs to.
import { Worker } from "node:worker_threads";
import { createAsking, newAnswerBox } from "./ask-user.ts";
import { markEnd, onRequest, report, writeOutput } from "./child-link.ts";

process.on("SIGINT", () => {}); // the parent gets it too, and interrupts
const interrupting = new Int32Array(new SharedArrayBuffer(4));
const answers = newAnswerBox();
const helper = new Worker(new URL("./helper.js", import.meta.url), { workerData: { interrupting, answers } });
helper.unref();
// The helper starts in its own thread while the evaluator's packages load in this one.
const { createEvaluator } = await import("../evaluator/evaluator.ts");
const { isComplete } = await import("../evaluator/is-complete.ts");
const { createDisplay, createTslab } = await import("./display.ts");
const { captureErrors, captureExit, captureOutput } = await import("./process-hooks.ts");
const { createRuns } = await import("./runs.ts");

const display = createDisplay((type, content) => report({ op: "display", run: runs.current(), type, content }));
const provided = new Map([["tslab", createTslab(display)]]);
const isInterrupting = () => Atomics.load(interrupting, 0) > 0;
const evaluator = createEvaluator({ folder: process.cwd(), provided, isInterrupting });
const runs = createRuns(evaluator, { report, markEnd });
Object.defineProperty(globalThis, Symbol.for("cellwright.display"), { value: display, configurable: true });
Object.assign(
  globalThis,
  createAsking(answers, (question) => report({ op: "input", run: runs.current(), question })),
);
captureOutput((name, text) => writeOutput(runs.current(), name, text));
captureErrors((error) => runs.lateError(error));
captureExit((code) => report({ op: "exit", run: runs.current(), code }));
onRequest((request) => {
  if (request.op === "run") runs.start(request);
  else if (request.op === "complete") answer(request.ask, () => evaluator.complete(request.code, request.cursor));
  else if (request.op === "is-complete") answer(request.ask, () => isComplete(request.code));
  else answer(request.ask, () => evaluator.inspect(request.code, request.cursor, request.detail));
});
report({ op: "ready" });

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
