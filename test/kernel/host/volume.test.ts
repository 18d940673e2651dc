// Much at once: many lines, many megabytes, many cells.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message } from "../../../kernel/protocol/message.ts";
import { isIdle, ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

test("100,000 lines arrive in order, each once, before idle, both streams in the order of the cell", async () => {
  const { iopub } = await kernel.execute(
    "for (let i = 0; i < 100_000; i++) i % 1000 === 999 ? console.error(`${i}`) : console.log(`${i}`);",
  );
  const lines = iopub
    .filter(({ header }) => header.msg_type === "stream")
    .map(({ content }) => content["text"])
    .join("")
    .split("\n");
  expect(lines.pop()).toBe("");
  expect(lines).toEqual(Array.from({ length: 100_000 }, (_, i) => String(i)));
  expect(isIdle(iopub.at(-1)!)).toBe(true);
});

test("200 MB of output are bounded: it is said when it begins, and what was dropped is counted", async () => {
  const { iopub, reply } = await kernel.execute(
    'const line = "x".repeat(999) + "\\n"; for (let i = 0; i < 200_000; i++) process.stdout.write(line); "done"',
  );
  const arrived = streamText(iopub).length;
  expect(arrived).toBeLessThanOrEqual(50_000_000);
  expect(arrived).toBeGreaterThan(45_000_000);
  const [notice, count] = streamText(iopub, "stderr").trim().split("\n");
  expect(notice).toBe("Output is limited to 50 MB a cell: the rest is dropped.");
  expect(count).toMatch(/^15\d(\.\d)? MB of output were dropped\.$/);
  expect(reply.content["status"]).toBe("ok");
  expect(ofType(iopub, "execute_result")).toHaveLength(1);
  const next = await kernel.execute("console.log('a cell after it prints again')");
  expect(streamText(next.iopub)).toBe("a cell after it prints again\n");
}, 60_000);

test("a cell that never stops printing is interrupted as any other", async () => {
  const small = await RawKernel.start({ env: { CELLWRIGHT_KERNEL_OUTPUT_MB: "1" } });
  const running = small.start('for (;;) console.log("again and again")');
  await small.until(() => streamText(small.iopubOf(running), "stderr").includes("limited to 1 MB"));
  await small.request("interrupt_request", {}, "control");
  const { reply, iopub } = await small.exchange(running);
  expect(reply.content["ename"]).toBe("KeyboardInterrupt");
  expect(streamText(iopub).length).toBeLessThanOrEqual(1_000_000);
  await small.stop();
});

describe("a thousand cells sent at once, one of which fails", () => {
  const middle = 500;
  const send = (stopOnError: boolean) =>
    Array.from({ length: 1000 }, (_, i) =>
      kernel.start(i === middle ? "throw new Error('middle')" : `console.log(${i}); ${i}`, {
        stop_on_error: stopOnError,
      }),
    );

  /** Answered in order: with the last one all are there. */
  const allOf = async (cells: Message[]) => {
    await kernel.exchange(cells.at(-1)!);
    return cells.map((cell) => ({ reply: kernel.replyTo(cell)!, iopub: kernel.iopubOf(cell) }));
  };

  test("all run but that one, where it shall not stop them", async () => {
    const cells = send(false);
    const ended = await allOf(cells);
    const states = ended.map(({ reply }) => reply.content["status"]);
    expect(states.filter((state) => state === "ok")).toHaveLength(999);
    expect(states[middle]).toBe("error");
    expect(ended.map(({ iopub }) => streamText(iopub))).toEqual(cells.map((_, i) => (i === middle ? "" : `${i}\n`)));
    const counts = ended.map(({ reply }) => Number(reply.content["execution_count"]));
    expect(counts).toEqual(counts.map((_, i) => counts[0]! + i));
  }, 60_000);

  test("none after it runs, where it shall; each is answered, and the kernel takes new ones", async () => {
    const cells = send(true);
    const ended = await allOf(cells);
    const states = ended.map(({ reply }) => reply.content["status"]);
    expect(states).toEqual(cells.map((_, i) => (i < middle ? "ok" : i === middle ? "error" : "aborted")));
    expect(ended.slice(middle + 1).every(({ iopub }) => iopub.length === 2)).toBe(true); // busy and idle, nothing else
    expect(await kernel.value("'new'")).toBe("'new'");
  }, 60_000);
});
