import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isIdle, ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

const types = (messages: { header: { msg_type: string } }[]) => messages.map(({ header }) => header.msg_type);

describe("a cell", () => {
  test("is busy, echoed, answered and idle, in this order", async () => {
    const { reply, iopub } = await kernel.execute("console.log('out'); 40 + 2");
    expect(types(iopub)).toEqual(["status", "execute_input", "stream", "execute_result", "status"]);
    const [input] = ofType(iopub, "execute_input");
    expect(input).toMatchObject({ code: "console.log('out'); 40 + 2" });
    expect(ofType(iopub, "execute_result")[0]).toEqual({
      execution_count: input!["execution_count"],
      data: { "text/plain": "42" },
      metadata: {},
    });
    expect(reply.content).toEqual({
      status: "ok",
      execution_count: input!["execution_count"],
      payload: [],
      user_expressions: {},
    });
  });

  test("shows nothing for undefined and for a declaration at its end", async () => {
    expect(await kernel.value("undefined")).toBeUndefined();
    expect(await kernel.value("const quiet = 1")).toBeUndefined();
    expect(await kernel.value("1\ninterface Quiet {}")).toBeUndefined();
    expect(await kernel.value("quiet")).toBe("1");
  });

  test("10,000 printed lines all arrive before idle", async () => {
    const { iopub } = await kernel.execute("for (let i = 0; i < 10_000; i++) console.log(`line ${i}`);");
    const lines = streamText(iopub).split("\n");
    expect(lines.pop()).toBe("");
    expect(lines).toEqual(Array.from({ length: 10_000 }, (_, i) => `line ${i}`));
    expect(isIdle(iopub.at(-1)!)).toBe(true);
  });

  test("prints to both streams, by console and by process, strings and bytes, any character", async () => {
    const code = `console.log("a", { b: 1 }); console.error("c"); process.stdout.write("d\\n");
      process.stdout.write(Buffer.from("é😀").subarray(0, 3)); process.stdout.write(Buffer.from("é😀").subarray(3));
      process.stderr.write("\\u0007\\ud83d" + "\\n", () => console.log("written"));`;
    const { iopub } = await kernel.execute(code);
    expect(streamText(iopub)).toBe("a { b: 1 }\nd\né😀written\n");
    expect(streamText(iopub, "stderr")).toBe("c\n\u0007\ufffd\n".replace("\ufffd", "\ud83d"));
  });

  test("keeps ten million characters whole", async () => {
    const { iopub } = await kernel.execute('process.stdout.write("😀é".repeat(2_500_000) + "end")');
    const text = streamText(iopub);
    expect(text.length).toBe(7_500_003);
    expect(text.endsWith("😀éend")).toBe(true);
  });

  test("raw output of child processes comes before idle", async () => {
    const code = `import { execSync, spawnSync } from "node:child_process";
      execSync("echo raw", { stdio: "inherit" }); spawnSync("sh", ["-c", "echo raw error >&2"], { stdio: "inherit" }); 1`;
    const { iopub } = await kernel.execute(code);
    expect(streamText(iopub)).toBe("raw\n");
    expect(streamText(iopub, "stderr")).toBe("raw error\n");
    expect(isIdle(iopub.at(-1)!)).toBe(true);
  });

  test("late output, late errors and rejections belong to the cell they came from", async () => {
    const first = kernel.start(`setTimeout(() => { console.log("late"); Promise.reject(new Error("rejected")); }, 50);
      setTimeout(() => { throw new RangeError("thrown") }, 60);
      await 0; "first"`);
    await kernel.exchange(first);
    await kernel.execute('console.log("second")');
    await kernel.until(() => ofType(kernel.iopubOf(first), "error").length === 2);
    expect(streamText(kernel.iopubOf(first))).toBe("late\n");
    const errors = ofType(kernel.iopubOf(first), "error");
    expect(errors.map(({ ename, evalue }) => [ename, evalue])).toEqual([
      ["Error", "rejected"],
      ["RangeError", "thrown"],
    ]);
    expect(String(errors[1]!["traceback"])).toMatch(/at .*cell \[\d+\]:2:32/);
    expect(await kernel.value("'alive'")).toBe("'alive'");
  });

  test("sent silently leaves no trace but its effect", async () => {
    const before = (await kernel.execute("0")).reply.content["execution_count"];
    const { reply, iopub } = await kernel.execute("globalThis.hidden = 7; hidden", { silent: true });
    expect(types(iopub)).toEqual(["status", "status"]);
    expect(reply.content["execution_count"]).toBe(before);
    const failed = await kernel.execute("nowhere", { silent: true });
    expect(types(failed.iopub)).toEqual(["status", "status"]);
    expect(failed.reply.content).toMatchObject({ status: "error", ename: "ReferenceError" });
    expect(await kernel.value("hidden")).toBe("7");
  });

  test("not stored does not count", async () => {
    const { reply } = await kernel.execute("1");
    const count = Number(reply.content["execution_count"]);
    await kernel.execute("2", { store_history: false });
    expect((await kernel.execute("3")).reply.content["execution_count"]).toBe(count + 1);
  });

  test("answers user expressions, failing ones too", async () => {
    const { reply } = await kernel.execute("const base = 20", {
      user_expressions: { good: "base * 2 + 2", bad: "missing", type: "base as number" },
    });
    expect(reply.content["user_expressions"]).toMatchObject({
      good: { status: "ok", data: { "text/plain": "42" }, metadata: {} },
      bad: { status: "error", ename: "ReferenceError" },
      type: { status: "ok", data: { "text/plain": "20" } },
    });
  });

  test("that fails aborts what was sent after it, unless told not to", async () => {
    const failing = kernel.start("throw new Error('stop')");
    const waiting = kernel.start("1");
    const asked = kernel.send("kernel_info_request", {});
    const [first, second] = [await kernel.exchange(failing), await kernel.exchange(waiting)];
    expect([first.reply.content["status"], second.reply.content["status"]]).toEqual(["error", "aborted"]);
    expect((await kernel.exchange(asked)).reply.content["status"]).toBe("ok");
    const tolerant = kernel.start("throw new Error('go on')", { stop_on_error: false });
    const next = kernel.start("'ran'");
    await kernel.exchange(tolerant);
    expect((await kernel.exchange(next)).reply.content["status"]).toBe("ok");
    expect(await kernel.value("2")).toBe("2");
  });

  test("long values are cut", async () => {
    const text = await kernel.value("Array.from({ length: 1e6 }, (_, i) => i)");
    expect(text).toContain("999900 more items");
    expect((await kernel.value("'x'.repeat(1e6)"))!.length).toBeLessThan(11_000);
  });
});

describe("showing", () => {
  test("a value's Jupyter.display makes the result, now or later", async () => {
    const { iopub } = await kernel.execute('({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>" }) })');
    expect(ofType(iopub, "execute_result")[0]!["data"]).toEqual({ "text/html": "<b>" });
    const late = await kernel.execute(
      '({ async [Symbol.for("Jupyter.display")]() { await 1; return { "text/plain": "later", "application/json": { a: [1] } } } })',
    );
    expect(ofType(late.iopub, "execute_result")[0]!["data"]).toEqual({
      "text/plain": "later",
      "application/json": { a: [1] },
    });
  });

  test("a Jupyter.display that fails, fails the cell", async () => {
    expect(await kernel.value('({ [Symbol.for("Jupyter.display")]: () => { throw new Error("no") } })')).toBe(
      "Error: no",
    );
    expect(await kernel.value('({ [Symbol.for("Jupyter.display")]: async () => 5 })')).toContain(
      "TypeError: Cannot show value",
    );
    expect(await kernel.value('({ [Symbol.for("Jupyter.display")]: () => ({ "application/json": 1n }) })')).toContain(
      "BigInt",
    );
  });

  test("the display symbol sends, updates and clears, in order with output", async () => {
    const { iopub } = await kernel.execute(`const shower = globalThis[Symbol.for("cellwright.display")];
      console.log("before");
      shower.send({ "text/plain": "one", "image/png": new Uint8Array([1, 2, 3]) }, { displayId: "d", metadata: { m: 1 } });
      console.log("between");
      shower.update("d", { "text/plain": "two" });
      shower.clear(true);`);
    expect(types(iopub).slice(2, -1)).toEqual([
      "stream",
      "display_data",
      "stream",
      "update_display_data",
      "clear_output",
    ]);
    expect(ofType(iopub, "display_data")[0]).toEqual({
      data: { "text/plain": "one", "image/png": "AQID" },
      metadata: { m: 1 },
      transient: { display_id: "d" },
    });
    expect(ofType(iopub, "update_display_data")[0]).toMatchObject({
      data: { "text/plain": "two" },
      transient: { display_id: "d" },
    });
    expect(ofType(iopub, "clear_output")[0]).toEqual({ wait: true });
  });

  test("tslab's display works, imported and required", async () => {
    const { iopub, reply } = await kernel.execute(`import * as tslab from "tslab";
      import { display, newDisplay } from "tslab";
      tslab.display.html("<i>"); display.markdown("**"); display.png(Buffer.from("png")); display.svg("<svg/>");
      require("tslab").display.raw("application/x", "raw"); display.text("t"); display.javascript("1"); display.jpeg(new Uint8Array([255]));
      const changing = newDisplay(); changing.text("first"); changing.text("second");`);
    expect(reply.content["status"]).toBe("ok");
    expect(ofType(iopub, "display_data").map(({ data }) => data)).toEqual([
      { "text/html": "<i>" },
      { "text/markdown": "**" },
      { "image/png": "cG5n" },
      { "image/svg+xml": "<svg/>" },
      { "application/x": "raw" },
      { "text/plain": "t" },
      { "text/javascript": "1" },
      { "image/jpeg": "/w==" },
      { "text/plain": "first" },
    ]);
    expect(ofType(iopub, "update_display_data").map(({ data }) => data)).toEqual([{ "text/plain": "second" }]);
  });
});
