// Messages that are not from the kernel's client: signed with another key, with none, changed on the way, sent twice, or no messages.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Content, type Message, newMessage } from "../../../kernel/protocol/message.ts";
import { encode } from "../../../kernel/protocol/wire.ts";
import { RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

const message = (type: string, content: Content) => newMessage(type, content, { session: kernel.session });
const forgeries: Record<string, (message: Message) => readonly Uint8Array[]> = {
  "signed with another key": (message) => encode(message, "another key"),
  "not signed": (message) => encode(message, ""),
  "changed after signing": (message) =>
    encode(message, kernel.connection.key).map((frame, i) =>
      i === 5 ? Buffer.from(JSON.stringify({ ...message.content, code: "globalThis.forged = 'changed'" })) : frame,
    ),
  "cut short": (message) => encode(message, kernel.connection.key).slice(0, 4),
};

describe.each(Object.entries(forgeries))("a message that is %s", (_, forge) => {
  test.each(["shell", "control"] as const)("is ignored on %s, whatever it asks for", async (channel) => {
    const asked = [
      message("execute_request", { code: "globalThis.forged = 'ran'" }),
      message("kernel_info_request", {}),
      message("shutdown_request", { restart: false }),
      message("interrupt_request", {}),
      message("comm_open", { comm_id: "forged", target_name: "cellwright.variables", data: {} }),
    ];
    const running = kernel.start("console.log('on'); await new Promise((r) => setTimeout(r, 150)); 'whole'");
    await kernel.until(() => streamText(kernel.iopubOf(running)) === "on\n");
    for (const each of asked) await kernel.channels[channel].send(forge(each));
    expect((await kernel.exchange(running)).reply.content["status"]).toBe("ok"); // not interrupted
    expect(await kernel.value("globalThis.forged")).toBeUndefined();
    for (const each of asked) {
      expect(kernel.replyTo(each)).toBeUndefined();
      expect(kernel.iopubOf(each)).toEqual([]);
    }
  });

  test("does not answer a question on stdin", async () => {
    const before = kernel.asked.length;
    const cell = kernel.start('prompt("Who? ")', { allow_stdin: true });
    await kernel.until(() => kernel.asked.length > before);
    const parent = kernel.asked[before]!.header;
    const answer = newMessage(
      "input_reply",
      { status: "ok", value: "a stranger" },
      { session: kernel.session, parent },
    );
    await kernel.channels.stdin.send(forge(answer));
    kernel.answer(kernel.asked[before]!, "the user");
    const { iopub } = await kernel.exchange(cell);
    expect(JSON.stringify(iopub)).toContain("the user");
    expect(JSON.stringify(iopub)).not.toContain("a stranger");
  });
});

test("a message that comes twice is taken once, on every channel", async () => {
  const frames = encode(
    message("execute_request", { code: "globalThis.times = (globalThis.times ?? 0) + 1" }),
    kernel.connection.key,
  );
  for (const channel of ["shell", "shell", "control"] as const) await kernel.channels[channel].send(frames);
  expect(await kernel.value("globalThis.times")).toBe("1");
});

test("frames that are no message harm nothing", async () => {
  for (const channel of ["shell", "control", "stdin"] as const)
    for (const frames of [[Buffer.from("x")], [Buffer.alloc(0)], Array.from({ length: 20 }, () => Buffer.from("{}"))])
      await kernel.channels[channel].send(frames);
  expect(await kernel.value("1")).toBe("1");
});
