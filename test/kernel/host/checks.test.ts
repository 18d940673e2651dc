// Types in a real kernel: first, so that nothing runs that is wrong; or after, under the cell.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

describe("types first", () => {
  let kernel: RawKernel;
  beforeAll(async () => {
    kernel = await RawKernel.start({ mode: "check" });
  });
  afterAll(() => kernel.stop());

  test("the very first cell is refused if it is wrong, and nothing of it has run", async () => {
    const { reply, iopub } = await kernel.execute('console.log("ran"); const n: number = "one";');
    expect(reply.content).toMatchObject({
      status: "error",
      ename: "TypeCheckError",
      evalue: "cell [1]:1:27 TS2322: Type 'string' is not assignable to type 'number'.",
    });
    expect(streamText(iopub)).toBe("");
    const [error] = ofType(iopub, "error");
    expect((error!["traceback"] as string[]).join("\n")).toContain(
      '> 1 | console.log("ran"); const n: number = "one";',
    );
  });

  test("right cells run, and know one another's names and types", async () => {
    expect(await kernel.value("let total = 1; total")).toBe("1");
    expect(await kernel.value("total += 2; total.toFixed(1)")).toBe("'3.0'");
    expect((await kernel.execute('total = "x"')).reply.content["evalue"]).toContain("TS2322");
    expect(await kernel.value("total")).toBe("3");
  });

  test("a file of the project that changes is what the next cell sees, by type and by value", async () => {
    writeFileSync(join(kernel.folder, "local.ts"), "export const value = 1;");
    expect(await kernel.value('import { value } from "./local"; value + 1')).toBe("2");
    writeFileSync(join(kernel.folder, "local.ts"), 'export const value = "text";');
    expect(await kernel.value('import { value } from "./local"; value.toUpperCase()')).toBe("'TEXT'");
  });

  test("the library comes with its types, from the kernel's own package where the notebook has none", async () => {
    const { reply } = await kernel.execute('import { accuracy } from "cellwright"; accuracy(1)');
    expect(reply.content["evalue"]).toMatch(/TS2554|TS2345/);
  });

  test("completion and inspection tell types", async () => {
    await kernel.execute("/** Adds. */ function add(a: number, b: number) { return a + b; } const text = String(1);");
    const inspected = await kernel.request("inspect_request", { code: "add", cursor_pos: 2, detail_level: 0 });
    expect((inspected.reply.content["data"] as Record<string, string>)["text/plain"]).toContain(
      "function add(a: number, b: number): number\n\nAdds.",
    );
    const completed = await kernel.request("complete_request", { code: "text.toUp", cursor_pos: 9 });
    expect(completed.reply.content).toMatchObject({ matches: ["toUpperCase"], cursor_start: 5, cursor_end: 9 });
    expect(completed.reply.content["metadata"]).toMatchObject({
      _jupyter_types_experimental: [{ start: 5, end: 9, text: "toUpperCase", type: "method" }],
    });
  });
});

test("the process that checks ends with a kernel that is killed, and what it left is gone with the next kernel's start", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "cellwright-checks-"));
  const kernel = await RawKernel.start({ mode: "check", env: { TMPDIR: temporary } });
  expect(await kernel.value("1")).toBe("1");
  const left = readdirSync(temporary).filter((name) => name.startsWith("cellwright-types-"));
  expect(left).toHaveLength(1);
  await kernel.stop();
  const next = await RawKernel.start({ mode: "check", env: { TMPDIR: temporary } });
  expect(await next.value("2")).toBe("2");
  expect(readdirSync(temporary)).not.toContain(left[0]);
  const checkers = () => execFileSync("ps", ["-eo", "args"], { encoding: "utf8" }).includes(left[0]!);
  while (checkers()) await sleep(20);
  await next.stop();
  rmSync(temporary, { recursive: true });
});

test("a process that checks and ends is started anew: the kernel lives, and knows its cells", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "cellwright-checks-"));
  const kernel = await RawKernel.start({ mode: "check", env: { TMPDIR: temporary } });
  expect(await kernel.value("const n: number = 1; n")).toBe("1");
  const lines = execFileSync("ps", ["-eo", "pid,args"], { encoding: "utf8" }).split("\n");
  const checker = lines.find((line) => line.includes("--api") && line.includes(temporary))!;
  process.kill(Number.parseInt(checker, 10), "SIGKILL");
  expect(await kernel.value("n + 1")).toBe("2");
  expect(await kernel.value("n.foo")).toMatch(/^TypeCheckError: .*TS2339/);
  await kernel.stop();
  rmSync(temporary, { recursive: true });
});

describe("run at once", () => {
  test("what is wrong runs all the same, and is told under its cell", async () => {
    const kernel = await RawKernel.start({ mode: "run" });
    try {
      const { reply, iopub } = await kernel.execute('const n: number = "one" as unknown as string; n');
      expect(reply.content["status"]).toBe("ok");
      const shown = () => kernel.published.find(({ header }) => header.msg_type === "display_data");
      await kernel.until(() => shown() !== undefined);
      const told = shown()!;
      expect(told.parent_header).toMatchObject(iopub[0]!.parent_header);
      expect((told.content["data"] as Record<string, string>)["text/plain"]).toContain("cell [1]:1:7 TS2322");
      expect(await kernel.value("n.length")).toBe("3");
    } finally {
      await kernel.stop();
    }
  });

  test("what is wrong with a cell that runs for long is told while it runs", async () => {
    const kernel = await RawKernel.start({ mode: "run" });
    try {
      const told = (cell: string) =>
        kernel.published.some(
          ({ header, content }) =>
            header.msg_type === "display_data" &&
            (content["data"] as Record<string, string>)["text/plain"]!.includes(`cell [${cell}]`),
        );
      await kernel.execute('const first: number = "one" as unknown as string;');
      await kernel.until(() => told("1"));
      const long = kernel.execute('const second: number = "two" as unknown as string;\nfor (;;) await null;');
      await kernel.until(() => told("2"));
      await kernel.request("interrupt_request", {}, "control");
      expect((await long).reply.content["ename"]).toBe("KeyboardInterrupt");
    } finally {
      await kernel.stop();
    }
  });
});
