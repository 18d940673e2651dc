// Cells that ask: `prompt` and `confirm` over the channel of standard input.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newConnection } from "../../../kernel/protocol/connection-file.ts";
import { newMessage } from "../../../kernel/protocol/message.ts";
import { connectChannels } from "../../../kernel/protocol/sockets.ts";
import { decode, encode } from "../../../kernel/protocol/wire.ts";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

/** Runs a cell, types the answers as it asks, and gives the questions and what it printed. */
async function conversation(code: string, answers: readonly string[]) {
  const before = kernel.asked.length;
  const cell = kernel.start(code, { allow_stdin: true });
  for (const [i, answer] of answers.entries()) {
    await kernel.until(() => kernel.asked.length > before + i);
    kernel.answer(kernel.asked[before + i]!, answer);
  }
  const { reply, iopub } = await kernel.exchange(cell);
  return { questions: kernel.asked.slice(before), cell, reply: reply.content, iopub, printed: streamText(iopub) };
}

describe("a cell that asks", () => {
  test("waits for what is typed, in the words it gave, with its own request as parent", async () => {
    const { questions, cell, printed } = await conversation(
      `const name = prompt("Name? "); const age: number = Number(prompt("Age? ")); console.log(name, age + 1);`,
      ["Zoë 🦊", "41"],
    );
    expect(questions.map(({ content }) => content)).toEqual([
      { prompt: "Name? ", password: false },
      { prompt: "Age? ", password: false },
    ]);
    expect(questions.every(({ parent_header: parent }) => parent.msg_id === cell.header.msg_id)).toBe(true);
    expect(printed).toBe("Zoë 🦊 42\n");
  });

  test("shows what it printed before the question", async () => {
    const before = kernel.asked.length;
    const cell = kernel.start(`console.log("first"); prompt("?")`, { allow_stdin: true });
    await kernel.until(() => kernel.asked.length > before);
    await kernel.until(() => streamText(kernel.iopubOf(cell)) === "first\n");
    kernel.answer(kernel.asked[before]!, "");
    await kernel.exchange(cell);
  });

  test("can hide what is typed, take a default, and ask yes or no", async () => {
    const { questions, printed } = await conversation(
      `console.log(prompt("Key? ", "none", { hidden: true }), confirm("Sure?"), confirm("Sure?"))`,
      ["", "yes", "of course"],
    );
    expect(questions[0]!.content).toEqual({ prompt: "Key? ", password: true });
    expect(questions[1]!.content).toEqual({ prompt: "Sure? [y/N] ", password: false });
    expect(printed).toBe("none true false\n");
  });

  test("fails with a clear error where nobody answers", async () => {
    const { reply, iopub } = await kernel.execute(`prompt("Name?")`, { allow_stdin: false });
    expect(reply.content["status"]).toBe("error");
    expect(ofType(iopub, "error")[0]).toMatchObject({ evalue: expect.stringContaining('Cannot ask "Name?"') });
  });

  test("can be interrupted while it waits; the answer that comes too late is not the next one's", async () => {
    const before = kernel.asked.length;
    const cell = kernel.start(`prompt("Never answered? ")`, { allow_stdin: true });
    await kernel.until(() => kernel.asked.length > before);
    await kernel.request("interrupt_request", {}, "control");
    const { reply } = await kernel.exchange(cell);
    expect(reply.content).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    kernel.answer(kernel.asked[before]!, "late");
    const { printed } = await conversation(`console.log(prompt("Next? "))`, ["in time"]);
    expect(printed).toBe("in time\n");
  });

  test("asks a client whose channel for it connects after the question was put", async () => {
    const session = randomUUID();
    const nobody = await newConnection();
    const { connection } = kernel;
    const early = connectChannels({ ...connection, stdin_port: nobody.stdin_port }, session);
    const code = `console.log("asks"); console.log(prompt("Late? "))`;
    const cell = newMessage("execute_request", { code, allow_stdin: true }, { session });
    await early.shell.send(encode(cell, connection.key));
    await kernel.until(() => streamText(kernel.iopubOf(cell)) === "asks\n");
    const late = connectChannels({ ...nobody, stdin_port: connection.stdin_port }, session);
    for await (const frames of late.stdin) {
      const { message } = decode(frames, connection.key);
      expect(message.content).toEqual({ prompt: "Late? ", password: false });
      const answer = newMessage("input_reply", { value: "heard" }, { session, parent: message.header });
      await late.stdin.send(encode(answer, connection.key));
      break;
    }
    await kernel.until(() => streamText(kernel.iopubOf(cell)) === "asks\nheard\n");
    early.close();
    late.close();
  });
});
