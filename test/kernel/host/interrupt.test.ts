import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

const byMessage = () => kernel.request("interrupt_request", {}, "control");
const bySignal = () => kernel.process.kill("SIGINT");

/** Starts a cell, waits until it has printed "started", interrupts it. */
async function interrupted(code: string, how: () => unknown): Promise<Record<string, unknown>> {
  const running = kernel.start(`console.log("started");\n${code}`);
  await kernel.until(() => streamText(kernel.iopubOf(running)).includes("started"));
  await sleep(20);
  await how();
  const { reply, iopub } = await kernel.exchange(running);
  expect(ofType(iopub, "error")).toHaveLength(1);
  return reply.content;
}

const blocking: Record<string, string> = {
  "an endless loop": "while (true) {}",
  "an endless loop after an await": "await sleep(1); while (true) {}",
  "an endless loop in a function": "function spin() { for (;;) spun++; }\nspin()",
  "an endless loop that catches": "for (;;) { try { while (true) spun++; } catch {} }",
  "a pending await": "await new Promise(() => {})",
  "a long timer": "await sleep(1_000_000)",
  "a loop of awaits": "for (;;) await sleep(1)",
  "a loop of awaits that catches": "for (;;) { try { await sleep(1) } catch {} }",
  "a loop of microtasks": "for (;;) await null",
  "a pending for await": "for await (const _ of (async function* () { await new Promise(() => {}); yield 1 })()) {}",
  "Atomics.wait": "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "a regular expression": `/^(a+)+$/.test("a".repeat(40) + "b")`,
  execSync: `(await import("node:child_process")).execSync("sleep 1000")`,
  "a slow Jupyter.display": `({ [Symbol.for("Jupyter.display")]: () => { while (true) {} } })`,
  "a pending Jupyter.display": `({ [Symbol.for("Jupyter.display")]: () => new Promise(() => {}) })`,
};

describe.each([
  ["a message", byMessage],
  ["SIGINT", bySignal],
])("an interrupt by %s", (_, how) => {
  test.each(Object.entries(blocking))("ends %s and keeps what was made", async (_, code) => {
    await kernel.execute(
      `let kept = { since: "before" }, spun = 0; const sleep = (ms: number) => new Promise((r) => setTimeout(r, ms));`,
    );
    const { status, ename, traceback } = await interrupted(`let during = "made";\n${code}`, how);
    expect([status, ename]).toEqual(["error", "KeyboardInterrupt"]);
    expect(String(traceback)).not.toMatch(/kernel\/(host|evaluator)/);
    expect(await kernel.value("[kept.since, during, 1 + 1]")).toBe("[ 'before', 'made', 2 ]");
  });
});

describe("an interrupt", () => {
  test("points to where a loop was", async () => {
    const { traceback } = await interrupted("interface A {}\nwhile (true) {}", byMessage);
    expect(String(traceback)).toMatch(/cell \[\d+\]:3:1/);
  });

  test("keeps what a loop has counted", async () => {
    await interrupted("let counted = 0;\nwhile (true) counted++;", byMessage);
    expect(await kernel.value("counted > 0")).toBe("true");
  });

  test("lets finally run, and nothing after it", async () => {
    await interrupted(
      `const steps: string[] = [];
       try { await new Promise(() => {}); steps.push("after") } finally { steps.push("finally") }
       steps.push("end");`,
      byMessage,
    );
    expect(await kernel.value("steps")).toBe("[ 'finally' ]");
  });

  test("of a kernel that does nothing kills nothing", async () => {
    await byMessage();
    bySignal();
    await byMessage();
    expect(await kernel.value("'alive'")).toBe("'alive'");
  });

  test("ends a timer that blocks after its cell", async () => {
    const running = kernel.start(`setTimeout(() => { console.log("blocks"); while (true) {} }, 10); "answered"`);
    await kernel.exchange(running);
    await kernel.until(() => streamText(kernel.iopubOf(running)).includes("blocks"));
    await byMessage();
    expect(await kernel.value("2")).toBe("2");
  });

  test("leaves nothing that a garbage collection could trip over", async () => {
    await interrupted("await new Promise((r) => setTimeout(r, 1)); while (true) {}", byMessage);
    await interrupted("await new Promise(() => {})", byMessage);
    await kernel.execute("let waste: unknown; for (let i = 0; i < 300_000; i++) waste = new Array(100).fill(i)");
    expect(await kernel.value("3")).toBe("3");
  });

  test("of native code that cannot end restarts the process after ten seconds, and says that state is lost", async () => {
    await kernel.execute("let lost = 1");
    const { ename, evalue } = await interrupted(
      'require("node:crypto").pbkdf2Sync("a", "b", 2_000_000_000, 64, "sha512")',
      byMessage,
    );
    expect([ename, evalue]).toEqual([
      "KernelRestarted",
      "The cell did not stop when interrupted: its process was started anew, all variables are lost.",
    ]);
    expect(await kernel.value("lost")).toBe("ReferenceError: lost is not defined");
    expect(await kernel.value("'new'")).toBe("'new'");
  });

  test("drops the cells that wait behind the one it ends", async () => {
    const running = kernel.start("console.log('runs'); await new Promise(() => {})");
    const waiting = kernel.start("'never'");
    await kernel.until(() => streamText(kernel.iopubOf(running)).includes("runs"));
    await byMessage();
    expect((await kernel.exchange(waiting)).reply.content["status"]).toBe("aborted");
  });

  test("at any moment, many times, leaves a kernel that answers", async () => {
    await kernel.execute("let rounds = 0; const pause = () => new Promise((r) => setTimeout(r, 1));");
    for (let round = 0; round < 20; round++) {
      const code = round % 2 ? "for (;;) { await pause(); rounds++; }" : "for (;;) rounds++;";
      const running = kernel.start(code);
      await kernel.until(() => ofType(kernel.iopubOf(running), "execute_input").length > 0);
      await sleep((round * 7) % 13);
      await (round % 3 ? byMessage() : bySignal());
      // An interrupt that comes before the cell has begun has nothing to end: ask again, as a user would.
      while (!kernel.replyTo(running)) {
        await Promise.race([sleep(200), kernel.exchange(running)]);
        if (!kernel.replyTo(running)) await byMessage();
      }
      expect(kernel.replyTo(running)!.content["ename"]).toBe("KeyboardInterrupt");
    }
    expect(await kernel.value("rounds > 0")).toBe("true");
  });
});

describe("while a cell blocks", () => {
  test("control answers, the heartbeat beats, output comes", async () => {
    const running = kernel.start(`console.log("now"); const until = Date.now() + 700; while (Date.now() < until) {}`);
    await kernel.until(() => streamText(kernel.iopubOf(running)) === "now\n");
    const info = await kernel.request("kernel_info_request", {}, "control");
    expect(info.reply.content["status"]).toBe("ok");
    await kernel.channels.heartbeat.send([Buffer.from("beat")]);
    for await (const [beat] of kernel.channels.heartbeat) {
      expect(Buffer.from(beat!).toString()).toBe("beat");
      break;
    }
    expect(kernel.replyTo(running)).toBeUndefined();
    await kernel.exchange(running);
  });
});
