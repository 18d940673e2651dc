// Output finds its own cell, whoever makes it: timers, child processes, worker threads, streams, unhandled errors.
import { afterAll, beforeAll, expect, test } from "vitest";
import { isIdle, ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

test("console of a worker thread belongs to the cell that started it", async () => {
  const { iopub } = await kernel.execute(`import { Worker } from "node:worker_threads";
    const worker = new Worker('console.log("from the worker"); console.error("its error")', { eval: true });
    await new Promise((resolve) => worker.on("exit", resolve)); "ended"`);
  expect(streamText(iopub)).toBe("from the worker\n");
  expect(streamText(iopub, "stderr")).toBe("its error\n");
  expect(isIdle(iopub.at(-1)!)).toBe(true);
});

test("piped output of a child process belongs to the cell that started it, also late", async () => {
  const first = kernel.start(`import { spawn } from "node:child_process";
    const child = spawn("sh", ["-c", "sleep 0.2; echo piped late"]);
    child.stdout.on("data", (chunk) => process.stdout.write(chunk)); "started"`);
  await kernel.exchange(first);
  const { iopub } = await kernel.execute("await new Promise((r) => setTimeout(r, 400)); console.log('second')");
  await kernel.until(() => streamText(kernel.iopubOf(first)) !== "");
  expect(streamText(kernel.iopubOf(first))).toBe("piped late\n");
  expect(streamText(iopub)).toBe("second\n");
});

test("late results of one promise chain stay with their cell while others run", async () => {
  const cells = ["a", "b", "c"].map((name) =>
    kernel.start(
      `(async () => {
        for (const ms of [30, 60, 90]) { await new Promise((r) => setTimeout(r, 30)); console.log("${name}", ms) }
      })(); 0`,
    ),
  );
  for (const cell of cells) await kernel.exchange(cell);
  await kernel.execute("await new Promise((r) => setTimeout(r, 200))");
  expect(cells.map((cell) => streamText(kernel.iopubOf(cell)))).toEqual(
    ["a", "b", "c"].map((name) => `${name} 30\n${name} 60\n${name} 90\n`),
  );
});

test("an event's handler and an unhandled rejection inside it belong to the cell that made them", async () => {
  const maker = kernel.start(`import { EventEmitter } from "node:events"; const emitter = new EventEmitter();
    setTimeout(() => emitter.emit("late"), 60); emitter.on("late", async () => { throw new TypeError("in a handler"); }); 1`);
  await kernel.exchange(maker);
  await kernel.until(() => ofType(kernel.iopubOf(maker), "error").length > 0);
  expect(ofType(kernel.iopubOf(maker), "error")[0]).toMatchObject({ ename: "TypeError", evalue: "in a handler" });
  expect(await kernel.value("'alive'")).toBe("'alive'");
});

test("display and output keep the order in which the cell made them", async () => {
  const { iopub } = await kernel.execute(`const shower = (globalThis as any)[Symbol.for("cellwright.display")];
    for (let i = 0; i < 200; i++) { console.log(i); shower.send({ "text/plain": String(i) }); }`);
  const order = iopub.flatMap(({ header, content }) => {
    if (header.msg_type === "stream") return String(content["text"]).trim().split("\n");
    return header.msg_type === "display_data"
      ? [`shown ${(content["data"] as { "text/plain": string })["text/plain"]}`]
      : [];
  });
  expect(order).toEqual(Array.from({ length: 200 }, (_, i) => [String(i), `shown ${i}`]).flat());
});

test("a timer that throws again and again fails its cell each time, and the kernel lives", async () => {
  const cell = kernel.start(
    "let thrown = 0; const t = setInterval(() => { if (++thrown === 3) clearInterval(t); throw new Error(`nr ${thrown}`); }, 10); 1",
  );
  await kernel.exchange(cell);
  await kernel.until(() => ofType(kernel.iopubOf(cell), "error").length === 3);
  expect(ofType(kernel.iopubOf(cell), "error").map(({ evalue }) => evalue)).toEqual(["nr 1", "nr 2", "nr 3"]);
  expect(await kernel.value("thrown")).toBe("3");
});
