// The debugger over debug_request and debug_event, as JupyterLab drives it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { murmur2 } from "../../../kernel/evaluator/cell-name.ts";
import type { DebugEvent, DebugResponse, DebugVariable } from "../../../kernel/host/debugger/dap.ts";
import { timesOf } from "../../support/effort.ts";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

const folder = mkdtempSync(join(tmpdir(), "debugger-"));
let kernel: RawKernel;
let seq = 0;
beforeAll(async () => {
  kernel = await RawKernel.start({ cwd: folder });
});
afterAll(async () => {
  await kernel.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function debug<B = Record<string, unknown>>(command: string, given: object = {}): Promise<B> {
  const request = { type: "request", seq: ++seq, command, arguments: given };
  const { reply } = await kernel.request("debug_request", request, "control");
  const { success, message, body, request_seq, type } = reply.content as unknown as DebugResponse;
  expect([type, request_seq]).toEqual(["response", request.seq]);
  if (!success) throw new Error(message);
  return body as B;
}

const events = () => ofType(kernel.published, "debug_event") as unknown as DebugEvent[];
const stops = () => events().filter(({ event }) => event === "stopped").length;

beforeEach(async () => {
  await debug("initialize", { clientID: "test", linesStartAt1: true });
  await debug("attach");
});
afterEach(() => debug("disconnect", { restart: false, terminateDebuggee: false }));

/** Starts a cell with breakpoints in it; resolves when it has stopped. */
async function stopped(code: string, ...lines: number[]) {
  const { sourcePath } = await debug<{ sourcePath: string }>("dumpCell", { code });
  const wanted = { source: { path: sourcePath }, breakpoints: lines.map((line) => ({ line })), sourceModified: false };
  const { breakpoints } = await debug<{ breakpoints: { line: number; verified: boolean }[] }>("setBreakpoints", wanted);
  await debug("configurationDone");
  const before = stops();
  const cell = kernel.start(code);
  await kernel.until(() => stops() > before);
  return { cell, breakpoints, path: sourcePath };
}

/** Goes on by a command; resolves when it has stopped again. */
async function go(command: string): Promise<void> {
  const before = stops();
  await debug(command, { threadId: 1 });
  await kernel.until(() => stops() > before);
}

interface Frame {
  id: number;
  name: string;
  line: number;
  source: { path: string };
}
const frames = async () => (await debug<{ stackFrames: Frame[] }>("stackTrace", { threadId: 1 })).stackFrames;
const place = async () => (await frames()).map(({ name, line }) => `${name.replace(/\d+/, "n")}:${line}`);

async function locals(frameId = 1): Promise<Record<string, DebugVariable>> {
  const { scopes } = await debug<{ scopes: { variablesReference: number }[] }>("scopes", { frameId });
  const all: Record<string, DebugVariable> = {};
  for (const { variablesReference } of scopes) {
    const { variables } = await debug<{ variables: DebugVariable[] }>("variables", { variablesReference });
    for (const variable of variables) all[variable.name] ??= variable;
  }
  return all;
}

describe("a debugger", () => {
  test("is announced, and knows cells by the hash of their text, as clients compute it", async () => {
    const info = await kernel.request("kernel_info_request");
    expect(info.reply.content["supported_features"]).toContain("debugger");
    expect(murmur2("import x\n\nprint(x) # é")).toBe(murmur2("import x\n\nprint(x) # é"));
    const state = await debug("debugInfo");
    expect(state).toMatchObject({ isStarted: true, hashMethod: "Murmur2", hashSeed: 0, stoppedThreads: [] });
    const { sourcePath } = await debug("dumpCell", { code: "1 + 1" });
    expect(sourcePath).toBe(`${state["tmpFilePrefix"]}${murmur2("1 + 1")}${state["tmpFileSuffix"]}`);
    expect(await debug("source", { source: { path: sourcePath } })).toMatchObject({ content: "1 + 1" });
  });

  test("stops a cell at a breakpoint in its TypeScript, shows where and what, and goes on", async () => {
    const code = `interface Gap { a: number }

function area(side: number): number {
  const doubled: number = side * 2;
  return doubled + side;
}
const sides = [{ a: 1 }, { a: 2 }] satisfies Gap[];
const total = area(3);
console.log(total);
total`;
    const { cell, breakpoints, path } = await stopped(code, 5);
    expect(breakpoints).toMatchObject([{ verified: true, line: 5 }]);
    expect(events().at(-1)).toMatchObject({ event: "stopped", body: { reason: "breakpoint", threadId: 1 } });
    expect(await place()).toEqual(["area:5", "cell [n]:8"]);
    expect((await frames())[0]!.source.path).toBe(path);
    expect((await debug("debugInfo"))["stoppedThreads"]).toEqual([1]);
    const { side, doubled, sides } = await locals();
    expect([side!.value, doubled!.value, doubled!.type]).toEqual(["3", "6", "number"]);
    const { variables } = await debug<{ variables: DebugVariable[] }>("variables", {
      variablesReference: sides!.variablesReference,
    });
    expect(variables.map(({ name, value }) => `${name} ${value}`)).toContain("0 Object {a: 1}");
    expect((await debug("evaluate", { expression: "(doubled as number) + 1", frameId: 1 }))["result"]).toBe("7");
    expect(kernel.replyTo(cell)).toBeUndefined();
    await debug("continue", { threadId: 1 });
    const { iopub } = await kernel.exchange(cell);
    expect(streamText(iopub)).toBe("9\n");
  });

  test("steps over, into and out of functions, without the kernel's own", async () => {
    const code = `const inner = (x: number) => {
  const y = x + 1;
  return y;
};
await Promise.resolve();
const first = inner(1);
const second = await inner(first);
first + second`;
    const { cell } = await stopped(code, 6);
    expect(await place()).toEqual(["cell [n]:6"]);
    await go("stepIn");
    expect(await place()).toEqual(["inner:2", "cell [n]:6"]);
    await go("next");
    expect(await place()).toEqual(["inner:3", "cell [n]:6"]);
    await go("stepOut");
    expect(await place()).toEqual(["cell [n]:7"]); // of line 6 nothing was left to run
    await debug("continue");
    expect(ofType((await kernel.exchange(cell)).iopub, "execute_result")[0]!["data"]).toEqual({ "text/plain": "5" });
  });

  test("stops in functions of earlier cells, where the condition holds, and moves a line without code to the next", async () => {
    const code = "function counted(n: number) {\n\n  // nothing here\n  return n * 2;\n}";
    await kernel.execute(code);
    const { sourcePath: path } = await debug("dumpCell", { code });
    const wanted = { source: { path }, breakpoints: [{ line: 2, condition: "(n as number) === 3" }] };
    expect(await debug("setBreakpoints", wanted)).toMatchObject({ breakpoints: [{ line: 4, verified: true }] });
    expect((await debug("debugInfo"))["breakpoints"]).toEqual([{ source: path, breakpoints: [{ line: 4 }] }]);
    const before = stops();
    const cell = kernel.start("[1, 2, 3, 4].map(counted)");
    await kernel.until(() => stops() > before);
    expect((await locals())["n"]!.value).toBe("3");
    await debug("continue");
    await kernel.exchange(cell);
    expect(stops()).toBe(before + 1);
  });

  test("stops in local files", async () => {
    const path = join(folder, "helper.ts");
    writeFileSync(
      path,
      "type T = number;\n\nexport function half(x: T): T {\n  const result = x / 2;\n  return result;\n}\n",
    );
    await debug("setBreakpoints", { source: { path }, breakpoints: [{ line: 5 }] });
    const before = stops();
    const cell = kernel.start('import { half } from "./helper";\nhalf(8)');
    await kernel.until(() => stops() > before);
    expect(await place()).toEqual(["half:5", "cell [n]:2"]);
    expect((await frames())[0]!.source.path).toBe(path);
    expect((await debug<{ modules: unknown[] }>("modules")).modules).toMatchObject([{ name: "helper.ts", path }]);
    expect((await debug("source", { source: { path } }))["content"]).toContain("export function half");
    await debug("continue");
    await kernel.exchange(cell);
  });

  test("sets variables, copies them to the cells, and shows them richly", async () => {
    const code =
      "function work() {\n  let local = [{ a: 1 }];\n  let n = 1;\n  n += local.length - 1;\n  return n;\n}\nwork()";
    const { cell } = await stopped(code, 4);
    const { scopes } = await debug<{ scopes: { variablesReference: number }[] }>("scopes", { frameId: 1 });
    const { variablesReference } = scopes[0]!;
    expect(await debug("setVariable", { variablesReference, name: "n", value: "40 + 2" })).toMatchObject({
      value: "42",
    });
    const rich = await debug<{ data: Record<string, string> }>("richInspectVariables", {
      variableName: "local",
      frameId: 1,
    });
    expect(rich.data["text/html"]).toContain("<table");
    await debug("copyToGlobals", { srcVariableName: "local", dstVariableName: "copied", srcFrameId: 1 });
    await debug("continue");
    expect(ofType((await kernel.exchange(cell)).iopub, "execute_result")[0]!["data"]).toEqual({ "text/plain": "42" });
    expect(await kernel.value("copied")).toBe("[ { a: 1 } ]");
  });

  test("lists the cells' variables while nothing is paused", async () => {
    await kernel.execute("const listed = { deep: { er: 1 } }; class Listed {}");
    const { variables } = await debug<{ variables: DebugVariable[] }>("inspectVariables");
    expect(variables.find(({ name }) => name === "listed")).toMatchObject({
      type: "Object",
      value: "Object {deep: Object}",
    });
    expect(variables.some(({ name }) => name.startsWith("__"))).toBe(false);
  });

  test("is asked for the variables while the cells run on, as JupyterLab does at each step", async () => {
    await kernel.execute("let turns = 0; const square = (x: number) => x * x;");
    for (let turn = 1; turn <= timesOf({ everyday: 10, ci: 30, soak: 60 }); turn++) {
      const { cell } = await stopped(
        `const squared${turn} = square(${turn});\nturns++;\nfor (let i = 0; i < 1e5; i++) square(i);\nturns`,
        2,
      );
      const answers = ["continue", "inspectVariables", "inspectVariables", "inspectVariables", "modules"].map(
        (command) => debug(command, { threadId: 1 }),
      );
      const { variables } = (await answers.at(-2)) as { variables: DebugVariable[] };
      expect(variables.map(({ name }) => name)).toContain("square");
      await Promise.all(answers);
      const { iopub } = await kernel.exchange(cell);
      expect(ofType(iopub, "execute_result")[0]!.data).toMatchObject({ "text/plain": `${turn}` });
    }
  });

  test("stops at errors when asked to", async () => {
    await debug("setExceptionBreakpoints", { filters: ["uncaught"] });
    const before = stops();
    const cell = kernel.start("1;\nthrow new RangeError('seen')");
    await kernel.until(() => stops() > before);
    expect(events().at(-1)).toMatchObject({ body: { reason: "exception", text: "RangeError: seen" } });
    expect(await place()).toEqual(["cell [n]:2"]);
    await debug("continue");
    expect((await kernel.exchange(cell)).reply.content["ename"]).toBe("RangeError");
    await debug("setExceptionBreakpoints", { filters: [] });
    await kernel.execute("throw new Error('not stopped at')");
  });

  test("lets an interrupt end a paused cell, and a loop pause", async () => {
    const { cell } = await stopped("let kept = 'kept';\nfor (;;) {\n  kept += '';\n}", 3);
    expect(await place()).toEqual(["cell [n]:3"]);
    await kernel.request("interrupt_request", {}, "control");
    expect((await kernel.exchange(cell)).reply.content["ename"]).toBe("KeyboardInterrupt");
    await debug("disconnect");
    expect(await kernel.value("kept")).toBe("'kept'");
    await debug("attach");
    const before = stops();
    const loop = kernel.start("console.log('loops'); for (;;) {\n  kept = kept;\n}");
    await kernel.until(() => streamText(kernel.iopubOf(loop)) === "loops\n");
    await debug("pause", { threadId: 1 });
    await kernel.until(() => stops() > before);
    expect((await place())[0]).toMatch(/^cell \[n\]:[12]$/);
    await kernel.request("interrupt_request", {}, "control");
    await kernel.exchange(loop);
  });

  test("that leaves lets the cell run on, and says what it cannot do", async () => {
    const { cell } = await stopped("const left = 1;\nleft + 1", 2);
    await debug("disconnect");
    expect((await kernel.exchange(cell)).reply.content["status"]).toBe("ok");
    await expect(debug("setBreakpoints", { source: { path: "x" }, breakpoints: [] })).rejects.toThrow("attach first");
    await expect(debug("continue")).rejects.toThrow("found the cells running");
    await expect(debug("dance")).rejects.toThrow("Cannot dance: expected one of initialize");
  });
});
