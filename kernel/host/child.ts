// The child's main thread, where cells run: starts the helper, which gets ready in its own thread while the evaluator loads in this one.
import { Worker } from "node:worker_threads";
import { newAnswerBox } from "./ask-user.ts";
import { newBatchMemory } from "./output-batch.ts";

process.on("SIGINT", () => {}); // the parent gets it too, and interrupts
const interrupting = new Int32Array(new SharedArrayBuffer(4));
const answers = newAnswerBox();
const batch = newBatchMemory();
const helper = new Worker(new URL("./helper.js", import.meta.url), { workerData: { interrupting, answers, batch } });
helper.unref();
const { serveCells } = await import("./serve-cells.ts");
serveCells({ interrupting, answers, batch, remind: () => helper.postMessage("send the rest") });
