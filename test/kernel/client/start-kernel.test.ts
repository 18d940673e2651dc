// Real kernels, ours and stock tslab, by the same suite.
import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KernelConnection, KernelDiedError } from "../../../kernel/client/kernel-connection.ts";
import { findKernelspec, kernelNames } from "../../../kernel/client/kernelspecs.ts";
import { startKernel } from "../../../kernel/client/start-kernel.ts";
import { root, temporaryFolder } from "../../support/cli.ts";

async function execute(kernel: KernelConnection, code: string) {
  const future = kernel.requestExecute({ code });
  const messages: { type: string; content: Record<string, unknown> }[] = [];
  future.onIOPub = ({ header, content }) =>
    messages.push({ type: header.msg_type, content: content as Record<string, unknown> });
  const reply = await future.done;
  const ofType = (type: string) => messages.filter((message) => message.type === type).map(({ content }) => content);
  const stdout = ofType("stream")
    .filter(({ name }) => name === "stdout")
    .map(({ text }) => text)
    .join("");
  return { reply: reply.content, stdout, types: messages.map(({ type }) => type), ofType };
}

const folder = temporaryFolder();
process.env["TMPDIR"] = folder.path;
afterAll(() => folder[Symbol.dispose]());

for (const spec of kernelNames) {
  describe(`a ${spec} kernel`, () => {
    let kernel: KernelConnection;
    beforeAll(async () => {
      kernel = await startKernel({ spec, cwd: root });
    });
    afterAll(() => kernel.shutdown());

    test("is ready when started: no message of its first request is missed", async () => {
      expect((await kernel.info).language_info.name).toBe("typescript");
      const { reply, stdout, types } = await execute(kernel, 'console.log("first")');
      expect(reply).toMatchObject({ status: "ok", execution_count: 1 });
      expect(stdout).toBe("first\n");
      expect(types.filter((type) => type === "status")).toHaveLength(2);
    });

    test("has no connection file lying about once it is ready", () => {
      expect(readdirSync(folder.path).filter((name) => name.startsWith("cellwright-kernel-"))).toEqual([]);
    });

    test("tells an error by name, value and traceback, in the reply and in the cell, and goes on", async () => {
      const failed = await execute(kernel, 'function deep(): never { throw new RangeError("too deep"); }\ndeep();');
      expect(failed.reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "too deep" });
      const [error] = failed.ofType("error");
      expect(error).toMatchObject({ ename: "RangeError", evalue: "too deep" });
      expect((error!["traceback"] as string[]).join("\n")).toContain("too deep");
      expect((await execute(kernel, "console.log(1 + 1)")).stdout).toBe("2\n");
    });

    test("keeps requests in order, each with its own outputs", async () => {
      const all = await Promise.all([1, 2, 3, 4].map((n) => execute(kernel, `console.log("cell ${n}")`)));
      expect(all.map(({ stdout }) => stdout)).toEqual([1, 2, 3, 4].map((n) => `cell ${n}\n`));
      const counts = all.map(({ reply }) => reply.execution_count!);
      expect(counts).toEqual(counts.map((_, i) => counts[0]! + i));
    });

    test("lets a later cell declare a name again, with its keyword", async () => {
      await execute(kernel, 'let rows = 1; const mode: string = "fast";');
      await execute(kernel, 'let rows = 2; const mode: string = "slow";');
      expect((await execute(kernel, 'console.log(rows, mode === "fast")')).stdout).toBe("2 false\n");
    });

    test("is interrupted in a loop and in an await, and keeps its state", async () => {
      await execute(kernel, "let kept = 41;");
      for (const code of ["while (true) {}", "await new Promise(() => {});"]) {
        const future = kernel.requestExecute({ code: `console.log("in");\n${code}` });
        const printed = new Promise<void>((resolve) => {
          future.onIOPub = ({ header }) => header.msg_type === "stream" && resolve();
        });
        // tslab's words leave its process only when its loop ends: there, busy must do.
        await (spec === "tslab" ? busy(kernel) : printed);
        await kernel.interrupt();
        // What comes while tslab still compiles is lost on it.
        while (spec === "tslab" && !(await endsWithin(future.done, 4000))) await kernel.interrupt();
        expect((await future.done).content.status).toBe("error");
      }
      expect((await execute(kernel, "console.log(kept + 1)")).stdout).toBe("42\n");
    });

    test("completes and inspects what cells declared, and knows unfinished code", async () => {
      await execute(kernel, "const customers = { rows: 3 };");
      const { matches } = (await kernel.requestComplete({ code: "custom", cursor_pos: 6 })).content;
      expect(matches).toContain("customers");
      expect((await kernel.requestInspect({ code: "customers", cursor_pos: 4, detail_level: 0 })).content.found).toBe(
        true,
      );
      expect((await kernel.requestIsComplete({ code: "if (true) {" })).content.status).toBe("incomplete");
      expect((await kernel.requestCommInfo({})).header.msg_type).toBe("comm_info_reply");
      const history = await kernel.requestHistory({ output: false, raw: true, hist_access_type: "tail", n: 5 });
      expect(Array.isArray(history.content.history)).toBe(true);
    });

    test("that ends is told dead, with its status, to whoever waits, and lives again after a restart", async () => {
      const statuses: string[] = [];
      const watch = (_: unknown, status: string) => void statuses.push(status);
      kernel.statusChanged.connect(watch);
      const { id } = kernel;
      await execute(kernel, "let forgotten = 1;");
      // tslab is gone at once; ours answers the cell first.
      const end = execute(kernel, "process.exit(3)").then(() => kernel.requestKernelInfo());
      await expect(end).rejects.toThrow(`The kernel ${spec} died: it ended with status 3`);
      expect(kernel.status).toBe("dead");
      await expect(execute(kernel, "1")).rejects.toThrow(KernelDiedError);
      await kernel.restart();
      kernel.statusChanged.disconnect(watch);
      expect(kernel.id).toBe(id);
      expect(statuses.filter((status) => status === "dead" || status === "restarting")).toEqual(["dead", "restarting"]);
      expect((await execute(kernel, 'console.log("again")')).stdout).toBe("again\n");
    });
  });
}

describe("starting a kernel", () => {
  const plain = findKernelspec("cellwright");

  test("tells the last words of one that ends at once", async () => {
    const argv = [process.execPath, "-e", 'console.error("no such module"); process.exit(9)'];
    const start = startKernel({ spec: { ...plain, name: "broken", argv } });
    await expect(start).rejects.toThrow(KernelDiedError);
    await expect(startKernel({ spec: { ...plain, name: "broken", argv } })).rejects.toThrow(
      "The kernel broken died: it ended with status 9\nno such module",
    );
  });

  test("says when a program is missing", async () => {
    const start = startKernel({ spec: { ...plain, argv: ["/no/such/program"] } });
    await expect(start).rejects.toThrow("it could not be started (spawn /no/such/program ENOENT)");
  });

  test("gives up on one that never answers, and leaves no process", async () => {
    const argv = [process.execPath, "-e", "console.error(process.pid); setInterval(() => {}, 1000)"];
    const error = (await startKernel({ spec: { ...plain, argv }, timeoutMs: 1000 }).catch((e: unknown) => e)) as Error;
    expect(error.message).toMatch(/^Cannot start kernel cellwright: found no answer in 1 s, expected one\n\d+$/);
    await gone(Number(error.message.split("\n")[1]));
  });

  test("takes another process where the first one never answers", async () => {
    using once = temporaryFolder();
    const silent = `import { existsSync, writeFileSync } from "node:fs";
      const seen = ${JSON.stringify(join(once.path, "seen"))};
      const first = !existsSync(seen);
      writeFileSync(seen, String(process.pid));
      if (first) setInterval(() => {}, 1000);
      else { process.argv.splice(1, 1); await import(${JSON.stringify(pathToFileURL(plain.argv[1]!).href)}); }`;
    const script = join(once.path, "sometimes.mjs");
    writeFileSync(script, silent);
    const argv = [process.execPath, script, ...plain.argv.slice(1)];
    const kernel = await startKernel({ spec: { ...plain, argv }, timeoutMs: 10_000 });
    expect((await execute(kernel, "console.log(6 * 7)")).stdout).toBe("42\n");
    await kernel.shutdown();
  });

  test("knows two", () => expect(() => findKernelspec("python3")).toThrow('Cannot find kernel "python3"'));
});

describe("a kernel whose owner is killed", () => {
  for (const spec of kernelNames)
    test(`ends, though ${spec} is stuck in a loop`, async () => {
      const module = pathToFileURL(`${root}/dist/kernel/client/start-kernel.js`).href;
      const code = `
        const { startKernel } = await import(${JSON.stringify(module)});
        const kernel = await startKernel({ spec: ${JSON.stringify(spec)} });
        const future = kernel.requestExecute({ code: "process.stdout.write('pid=' + process.pid); await 1;" });
        future.onIOPub = ({ content }) => { if (content.text) console.log(content.text); };
        await future.done;
        kernel.requestExecute({ code: "while (true) {}" });
        setTimeout(() => console.log("looping"), 300);`;
      const owner = spawn(process.execPath, ["--input-type=module", "-e", code], {
        cwd: root,
        stdio: ["ignore", "pipe", "inherit"],
      });
      let said = "";
      await new Promise<void>((resolve) => {
        owner.stdout.setEncoding("utf8").on("data", (text: string) => {
          said += text;
          if (said.includes("looping")) resolve();
        });
      });
      owner.kill("SIGKILL");
      await gone(Number(/pid=(\d+)/.exec(said)![1]));
    });
});

function endsWithin(end: Promise<unknown>, ms: number): Promise<boolean> {
  return Promise.race([end.then(() => true), new Promise<boolean>((resolve) => setTimeout(resolve, ms, false))]);
}

function busy(kernel: KernelConnection): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, kernel.status === "busy" ? 300 : 600));
}

async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
