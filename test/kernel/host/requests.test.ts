import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newMessage } from "../../../kernel/protocol/message.ts";
import { encode } from "../../../kernel/protocol/wire.ts";
import { temporaryFolder } from "../../support/cli.ts";
import { ofType, RawKernel } from "../../support/raw-kernel.ts";

let kernel: RawKernel;
beforeAll(async () => {
  kernel = await RawKernel.start();
});
afterAll(() => kernel.stop());

const ask = async (type: string, content: Record<string, unknown> = {}) =>
  (await kernel.request(type, content)).reply.content;

describe("kernel_info", () => {
  test("introduces the kernel, on shell and on control", async () => {
    const expected = {
      status: "ok",
      protocol_version: "5.4",
      implementation: "cellwright",
      language_info: { name: "typescript", mimetype: "text/typescript", file_extension: ".ts" },
    };
    expect(await ask("kernel_info_request")).toMatchObject(expected);
    const { reply, iopub } = await kernel.request("kernel_info_request", {}, "control");
    expect(reply.content).toMatchObject(expected);
    expect(reply.header.msg_type).toBe("kernel_info_reply");
    expect(ofType(iopub, "status")).toEqual([{ execution_state: "busy" }, { execution_state: "idle" }]);
  });
});

describe("what is signed with another key", () => {
  test("is not answered, and neither is a message that comes twice", async () => {
    const forged = newMessage("execute_request", { code: "globalThis.forged = true" }, { session: kernel.session });
    await kernel.channels.shell.send(encode(forged, "another key"));
    await kernel.channels.control.send(encode(forged, ""));
    await kernel.channels.shell.send([Buffer.from("no message at all")]);
    const counted = newMessage(
      "execute_request",
      { code: "globalThis.times = (globalThis.times ?? 0) + 1" },
      { session: kernel.session },
    );
    const frames = encode(counted, kernel.connection.key);
    await kernel.channels.shell.send(frames);
    await kernel.channels.shell.send(frames);
    expect(await kernel.value("[globalThis.forged, globalThis.times]")).toBe("[ undefined, 1 ]");
    expect(kernel.replyTo(forged)).toBeUndefined();
    expect(kernel.iopubOf(forged)).toEqual([]);
  });
});

describe("complete", () => {
  const matches = async (code: string, cursor = [...code].length) => {
    const reply = await ask("complete_request", { code, cursor_pos: cursor });
    return { matches: reply["matches"], start: reply["cursor_start"], end: reply["cursor_end"] };
  };

  test("knows names of cells, the global ones, words of the language, and names of this cell", async () => {
    await kernel.execute(
      "const completable = { first: 1, second: { inner: 'x' } }; function completing(a: number) { return a; }",
    );
    expect(await matches("complet")).toEqual({ matches: ["completable", "completing"], start: 0, end: 7 });
    expect((await matches("setTim")).matches).toEqual(["setTimeout"]);
    expect((await matches("1 + asy")).matches).toEqual(["async"]);
    const { metadata } = await ask("complete_request", { code: "setTimeo", cursor_pos: 8 });
    expect(metadata).toMatchObject({ _jupyter_types_experimental: [{ text: "setTimeout", type: "function" }] });
    expect((await matches("const localName = 1; localN")).matches).toEqual(["localName"]);
  });

  test("knows members, through chains, calls without effects, literals and types", async () => {
    expect(await matches("completable.")).toMatchObject({ start: 12 });
    expect((await matches("completable.s")).matches).toEqual(["second"]);
    expect((await matches("completable.second.in")).matches).toEqual(["inner"]);
    expect((await matches("completable['second']?.in")).matches).toEqual(["inner"]);
    expect((await matches("(completable as any)!.fir")).matches).toEqual(["first"]);
    expect((await matches("[1, 2].ma")).matches).toEqual(["map"]);
    expect((await matches('"text".toUp')).matches).toEqual(["toUpperCase"]);
    expect((await matches("Math.sq")).matches).toEqual(["sqrt"]);
    expect((await matches("nothing.here")).matches).toEqual([]);
  });

  test("counts the cursor in code points, and changes nothing", async () => {
    expect(await matches("'😀😀'; completab; 1", 14)).toEqual({ matches: ["completable"], start: 6, end: 14 });
    await kernel.execute(
      "let touched = 0; const trap = { get there() { touched++; return { deep: 1 } } }; function touch() { touched++; return {} }",
    );
    await matches("trap.there.");
    await matches("touch().");
    await matches("while (true) {}; x.");
    expect(await kernel.value("touched")).toBe("0");
  });
});

describe("inspect", () => {
  const inspect = async (code: string, cursor = code.length, detail = 0) => {
    const reply = await ask("inspect_request", { code, cursor_pos: cursor, detail_level: detail });
    return reply["found"] ? (reply["data"] as Record<string, string>)["text/plain"] : undefined;
  };

  test("tells a name's type and value, a function's head or source", async () => {
    await kernel.execute(
      "const measured = { a: [1, 2] }; const words = 'x y';\nfunction shown(a: number, b = 2) {\n  return a + b;\n}\nclass Kept {}",
    );
    expect(await inspect("measured", 3)).toBe("measured: Object\n{ a: [ 1, 2 ] }");
    expect(await inspect("words")).toBe('words: string\n"x y"');
    expect(await inspect("measured.a")).toBe("a: Array\n[ 1, 2 ]");
    expect(await inspect("shown(")).toBe("function shown\nfunction shown(a, b = 2) { … }");
    expect(await inspect("shown", 2, 1)).toContain("return a + b;");
    expect(await inspect("Kept")).toContain("class Kept");
    expect(await inspect("unheardOf")).toBeUndefined();
    expect(await inspect("  ")).toBeUndefined();
  });
});

describe("is_complete", () => {
  test.each([
    ["1 + 1", { status: "complete" }],
    ["interface A { b: string }", { status: "complete" }],
    ["await x; for await (const y of z) {}", { status: "complete" }],
    ["function f() {", { status: "incomplete", indent: "  " }],
    ["  if (a) {\n    call(", { status: "incomplete", indent: "      " }],
    ["const x =", { status: "incomplete", indent: "" }],
    ["`template", { status: "incomplete", indent: "" }],
    ["/* comment", { status: "incomplete", indent: "" }],
    ["const = 1", { status: "invalid" }],
    ["'text", { status: "invalid" }],
    ["a b", { status: "invalid" }],
    ["}", { status: "invalid" }],
  ])("%j", async (code, expected) => {
    expect(await ask("is_complete_request", { code })).toEqual(expected);
  });
});

describe("a cell that is a name and a question mark", () => {
  test("is answered with a page, more of it with two marks", async () => {
    await kernel.execute("function paged(a: number) {\n  return a + 1;\n}");
    const { reply, iopub } = await kernel.execute("paged?");
    expect(reply.content["payload"]).toMatchObject([
      { source: "page", start: 0, data: { "text/plain": expect.stringContaining("paged") } },
    ]);
    expect(ofType(iopub, "execute_result")).toEqual([]);
    expect(JSON.stringify((await kernel.execute("??paged")).reply.content["payload"])).toContain("return a + 1");
    expect((await kernel.execute("nobody?")).reply.content).toMatchObject({ status: "error", ename: "ReferenceError" });
  });
});

describe("history", () => {
  test("outlives its kernel: the next one has what the one before it ran", async () => {
    using home = temporaryFolder();
    const env = { CELLWRIGHT_KERNEL_HISTORY: join(home.path, "deep/history.ndjson") };
    const ask = async (kernel: RawKernel, content: Record<string, unknown>) =>
      (await kernel.request("history_request", { raw: true, output: false, ...content })).reply.content["history"];
    const first = await RawKernel.start({ env });
    await first.execute("const remembered = 1");
    await first.execute("remembered + 1");
    first.send("shutdown_request", { restart: false }, "control");
    await first.ended();
    await first.stop();
    const second = await RawKernel.start({ env });
    await second.execute("'new'");
    expect(await ask(second, { hist_access_type: "tail", n: 2, output: true })).toEqual([
      [1, 2, ["remembered + 1", "2"]],
      [2, 1, ["'new'", "'new'"]],
    ]);
    expect(await ask(second, { hist_access_type: "range", session: -1, start: 0, stop: 2 })).toEqual([
      [1, 1, "const remembered = 1"],
    ]);
    expect(await ask(second, { hist_access_type: "search", pattern: "*remembered*", n: 9 })).toHaveLength(2);
    await second.stop();
  });

  test("by tail, range and search", async () => {
    const other = await RawKernel.start();
    for (const code of ["const a = 1", "a + 1", "const b = 2", "a + 1"]) await other.execute(code);
    await other.execute("'unstored'", { store_history: false });
    const history = async (content: Record<string, unknown>) =>
      (await other.request("history_request", { raw: true, output: false, ...content })).reply.content["history"];
    expect(await history({ hist_access_type: "tail", n: 2 })).toEqual([
      [1, 3, "const b = 2"],
      [1, 4, "a + 1"],
    ]);
    expect(await history({ hist_access_type: "range", session: 1, start: 2, stop: 4 })).toEqual([
      [1, 2, "a + 1"],
      [1, 3, "const b = 2"],
    ]);
    expect(await history({ hist_access_type: "search", pattern: "a*", n: 3 })).toEqual([
      [1, 2, "a + 1"],
      [1, 4, "a + 1"],
    ]);
    expect(await history({ hist_access_type: "search", pattern: "a + ?", n: 3, unique: true })).toEqual([
      [1, 4, "a + 1"],
    ]);
    expect(await history({ hist_access_type: "tail", n: 1, output: true })).toEqual([[1, 4, ["a + 1", "2"]]]);
    await other.stop();
  });
});

describe("comms", () => {
  test("there are none; one that is opened is closed", async () => {
    expect(await ask("comm_info_request", {})).toEqual({ status: "ok", comms: {} });
    const opening = kernel.send("comm_open", { comm_id: "c1", target_name: "widget", data: {} });
    await kernel.until(() => ofType(kernel.iopubOf(opening), "comm_close").length === 1);
    expect(ofType(kernel.iopubOf(opening), "comm_close")[0]).toEqual({ comm_id: "c1", data: {} });
  });
});
