// Comms in both directions, the listing of variables over one, and what a kernel says of its machine.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Content, Message } from "../../../kernel/protocol/message.ts";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

const comms = `const comms = globalThis[Symbol.for("cellwright.comms")];`;

/** Sends a comm message and waits until the kernel is idle again. */
async function tell(type: "comm_open" | "comm_msg" | "comm_close", content: Content): Promise<Message[]> {
  const message = kernel.send(type, content);
  const isIdle = ({ header, content }: Message) =>
    header.msg_type === "status" && content["execution_state"] === "idle";
  await kernel.until(() => kernel.iopubOf(message).some(isIdle));
  return kernel.iopubOf(message);
}

describe("comms", () => {
  test("opened by a cell: messages go both ways, output belongs to the message that made it", async () => {
    const { iopub } = await kernel.execute(
      `${comms} const line = comms.open("widget", { a: 1 });
       line.onMessage((data) => { console.log("got", data); line.send({ doubled: data.x * 2 }); });
       line.onClose((data) => console.log("closed", data));`,
    );
    const [opened] = ofType(iopub, "comm_open");
    expect(opened).toMatchObject({ target_name: "widget", data: { a: 1 } });
    const id = opened!["comm_id"];
    const answered = await tell("comm_msg", { comm_id: id, data: { x: 21 } });
    expect(ofType(answered, "comm_msg")).toEqual([{ comm_id: id, data: { doubled: 42 } }]);
    expect(streamText(answered)).toBe("got { x: 21 }\n");
    const { reply } = await kernel.request("comm_info_request", { target_name: "widget" });
    expect(reply.content["comms"]).toEqual({ [String(id)]: { target_name: "widget" } });
    expect(streamText(await tell("comm_close", { comm_id: id, data: { why: "done" } }))).toBe(
      "closed { why: 'done' }\n",
    );
    expect((await kernel.request("comm_info_request")).reply.content["comms"]).toEqual({});
    expect(await kernel.value(`line.send({})`)).toMatch(/^Error: Cannot send to comm "widget": found it closed/);
  });

  test("opened by the client: a registered target takes it with its buffers, an unknown one is closed", async () => {
    await kernel.execute(
      `comms.registerTarget("echo", (comm, data, { buffers }) => comm.send(data, { buffers: buffers.map((b) => b.map((x) => x + 1)) }));`,
    );
    const echoed = await tell("comm_open", { comm_id: "mine", target_name: "echo", data: { hello: "there" } });
    expect(ofType(echoed, "comm_msg")).toEqual([{ comm_id: "mine", data: { hello: "there" } }]);
    const refused = await tell("comm_open", { comm_id: "lost", target_name: "nobody", data: {} });
    expect(ofType(refused, "comm_close")).toMatchObject([{ comm_id: "lost" }]);
  });

  test("a handler that throws shows its error, and the kernel lives", async () => {
    await kernel.execute(`comms.registerTarget("bad", () => { throw new RangeError("not this one"); });`);
    const iopub = await tell("comm_open", { comm_id: "bad", target_name: "bad", data: {} });
    expect(ofType(iopub, "error")).toMatchObject([{ ename: "RangeError", evalue: "not this one" }]);
    expect(await kernel.value("1 + 1")).toBe("2");
  });
});

describe("variables over a comm", () => {
  test("are listed at once, after each cell, and without touching what they hold", async () => {
    await kernel.execute(
      `const numbers = new Float64Array(3); let text = "hello"; const pairs = new Map([[1, 2]]); let touched = 0;
       const lazy = { get value() { touched++; return 1; } }; function add(a: number, b: number) { return a + b; }
       class Point { x = 1; }`,
    );
    const opened = await tell("comm_open", { comm_id: "inspector", target_name: "cellwright.variables", data: {} });
    const [{ data }] = ofType(opened, "comm_msg") as [{ data: { variables: { name: string }[] } }];
    const listed = new Map(data.variables.map((variable) => [variable.name, variable]));
    expect(listed.get("numbers")).toMatchObject({ type: "Float64Array", size: "3 elements" });
    expect(listed.get("text")).toMatchObject({ type: "string", size: "5 characters", preview: '"hello"' });
    expect(listed.get("pairs")).toMatchObject({ type: "Map", size: "1 entry", preview: "Map(1) { 1 => 2 }" });
    expect(listed.get("add")).toMatchObject({ type: "function" });
    expect(listed.get("Point")).toMatchObject({ type: "class" });
    expect(await kernel.value("touched")).toBe("0");
    const { iopub } = await kernel.execute("const added = [1, 2];");
    const [after] = ofType(iopub, "comm_msg") as [{ data: { variables: { name: string }[] } }];
    expect(after.data.variables).toContainEqual({
      name: "added",
      type: "Array",
      size: "2 elements",
      preview: "[ 1, 2 ]",
    });
  });
});

test("usage tells memory and processor time of the kernel's processes", async () => {
  const { reply } = await kernel.request("usage_request", {}, "control");
  expect(reply.content).toMatchObject({ status: "ok", pid: kernel.process.pid, hostname: expect.any(String) });
  expect(reply.content["kernel_memory"]).toBeGreaterThan(30e6);
  expect(reply.content["cpu_count"]).toBeGreaterThan(0);
});
