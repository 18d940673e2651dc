import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { newConnection, writeConnectionFile } from "../../../kernel/protocol/connection-file.ts";
import { kernelMain, ofType, RawKernel, streamText } from "../../support/raw-kernel.ts";

const kernels: RawKernel[] = [];
afterEach(async () => {
  for (const kernel of kernels.splice(0)) await kernel.stop();
});

async function start(options?: Parameters<typeof RawKernel.start>[0]): Promise<RawKernel> {
  const kernel = await RawKernel.start(options);
  kernels.push(kernel);
  return kernel;
}

/** A zombie has ended: only its parent has not asked yet. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  const stat = `/proc/${pid}/stat`;
  return !existsSync(stat) || !/\) Z /.test(readFileSync(stat, "utf8"));
}

async function untilGone(...pids: number[]): Promise<void> {
  while (pids.some(isAlive)) await sleep(20);
}

const childPid = async (kernel: RawKernel) => Number(await kernel.value("process.pid"));

describe("shutdown", () => {
  test.each(["shell", "control"] as const)(
    "on %s is answered and ends both processes, also while a cell blocks",
    async (channel) => {
      const kernel = await start();
      const pid = await childPid(kernel);
      const running = kernel.start("console.log('on'); while (true) {}");
      await kernel.until(() => streamText(kernel.iopubOf(running)) === "on\n");
      const request = kernel.send("shutdown_request", { restart: channel === "shell" }, channel);
      await kernel.until(() => kernel.replyTo(request) !== undefined);
      expect(kernel.replyTo(request)!.content).toEqual({ status: "ok", restart: channel === "shell" });
      expect(await kernel.ended()).toBe(0);
      await untilGone(pid);
    },
  );

  test("takes along what cells have started", async () => {
    const kernel = await start();
    const started = await kernel.value('import { spawn } from "node:child_process"; spawn("sleep", ["1000"]).pid');
    kernel.send("shutdown_request", { restart: false }, "control");
    await kernel.ended();
    await untilGone(Number(started));
  });
});

describe("the end of a cell's process", () => {
  test("process.exit ends the kernel with its code, after a reply", async () => {
    const kernel = await start();
    const { reply, iopub } = await kernel.execute(
      "process.on('exit', (code) => console.log(`leaving ${code}`)); console.log('bye'); process.exit(7)",
    );
    expect(reply.content["status"]).toBe("ok");
    expect(streamText(iopub)).toBe("bye\nleaving 7\n");
    expect(await kernel.ended()).toBe(7);
  });

  const crash = "console.log('last words'); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {})";

  test("a crash is the cell's error: cells that wait are not run, and the kernel goes on without its variables", async () => {
    const kernel = await start();
    const pid = await childPid(kernel);
    await kernel.execute("const before = 1; setTimeout(() => {}, 1e6)");
    const cell = kernel.start(crash, { stop_on_error: false });
    const waiting = kernel.start("before", { stop_on_error: false });
    const { reply, iopub } = await kernel.exchange(cell);
    expect(reply.content).toMatchObject({
      status: "error",
      ename: "KernelDied",
      evalue: "The kernel's process ended (SIGKILL, perhaps for want of memory).",
    });
    expect(streamText(iopub)).toBe("last words\n");
    expect(streamText(iopub, "stderr")).toBe("A new process runs the cells: all variables are gone.\n");
    expect(ofType(iopub, "error")).toHaveLength(1);
    expect((await kernel.exchange(waiting)).reply.content["status"]).toBe("aborted");
    expect(await kernel.value("typeof before")).toBe("'undefined'");
    expect(await childPid(kernel)).not.toBe(pid);
  });

  test("abort and an exit code of native code are told as they are", async () => {
    const kernel = await start();
    const { reply } = await kernel.execute("process.abort()");
    expect(reply.content["evalue"]).toBe("The kernel's process ended (SIGABRT).");
    const next = await kernel.execute("console.log('one'); console.log('two'); process.reallyExit(3)");
    expect(next.reply.content["evalue"]).toBe("The kernel's process ended (exit code 3).");
    expect(streamText(next.iopub)).toBe("one\ntwo\n");
    expect(await kernel.value("1 + 1")).toBe("2");
  });

  test("a process that is killed while nothing runs is replaced, and that is said", async () => {
    const kernel = await start({ mode: "check" });
    const last = kernel.start("const gone: number = process.pid; gone");
    const { iopub } = await kernel.exchange(last);
    const pid = Number((ofType(iopub, "execute_result")[0]!["data"] as Record<string, string>)["text/plain"]);
    process.kill(pid, "SIGKILL");
    await kernel.until(() => streamText(kernel.iopubOf(last), "stderr").includes("all variables are gone"));
    expect(await kernel.value("gone")).toMatch(/TypeCheckError: .*TS2304/);
    expect(await kernel.value("40 + 2")).toBe("42");
  });

  test("a cell whose types are being checked while the process ends is not run by the next one", async () => {
    const kernel = await start({ mode: "check" });
    const pid = await childPid(kernel);
    const many = Array.from({ length: 3000 }, (_, i) => `const v${i}: { a: ${i} } = { a: ${i} };`).join("\n");
    const cell = kernel.start(`${many}\nconsole.log(process.pid)`);
    await kernel.until(() => ofType(kernel.iopubOf(cell), "execute_input").length > 0);
    process.kill(pid, "SIGKILL");
    const { iopub } = await kernel.exchange(cell);
    expect(["", `${pid}\n`]).toContain(streamText(iopub)); // the first process may have been quick
    expect(await kernel.value("1")).toBe("1");
  });

  test("a kernel whose process ends again and again ends with it", async () => {
    const kernel = await start();
    for (let i = 0; i < 3; i++) expect((await kernel.execute(crash)).reply.content["ename"]).toBe("KernelDied");
    expect(await kernel.ended()).toBe(1);
  });

  test("running out of memory is told as such", async () => {
    const kernel = await start({ env: { CELLWRIGHT_KERNEL_MEMORY_MB: "40" } });
    const { reply } = await kernel.execute(
      "const all: number[][] = []; while (true) all.push(new Array(1000).fill(Math.random()))",
    );
    expect(reply.content["ename"]).toBe("KernelDied");
    expect(reply.content["evalue"]).toMatch(
      /^The kernel ran out of memory( at \d+ MB)?: CELLWRIGHT_KERNEL_MEMORY_MB sets the limit\.$/,
    );
    expect(await kernel.value("1 + 1")).toBe("2");
  });
});

describe("an owner that is gone", () => {
  const ownerScript = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, [process.argv[1], process.argv[2]], { stdio: "ignore", env: { ...process.env, ...JSON.parse(process.argv[3]) } });
    console.log(child.pid);
    setInterval(() => {}, 1000);`;

  async function startOwned(
    code: string,
    env: Record<string, string> = {},
  ): Promise<{ owner: number; pids: number[] }> {
    const kernel = await start(); // its folder and its place in the cleaning up
    const path = join(kernel.folder, "owned.json");
    const connection = await newConnection();
    writeConnectionFile(path, connection);
    const owner = spawn(process.execPath, ["-e", ownerScript, kernelMain, path, JSON.stringify(env)], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = (await once(owner.stdout!, "data")) as [Buffer];
    const owned = RawKernel.attach(connection, kernel.folder);
    await owned.until(() => ofType(owned.published, "iopub_welcome").length > 0);
    const pid = await childPid(owned);
    const running = owned.start(`console.log("on"); ${code}`);
    await owned.until(() => streamText(owned.iopubOf(running)).includes("on"));
    owned.channels.close();
    return { owner: owner.pid!, pids: [Number(output.toString()), pid] };
  }

  test.each([
    ["idle", "1"],
    ["in a loop", "while (true) {}"],
    ["awaiting", "await new Promise(() => {})"],
  ])("ends a kernel that is %s: kill -9 leaves no process", async (_, code) => {
    const { owner, pids } = await startOwned(code);
    expect(pids.every(isAlive)).toBe(true);
    process.kill(owner, "SIGKILL");
    await untilGone(...pids);
  });

  test("is the one that JPY_PARENT_PID names", async () => {
    const other = spawn("sleep", ["1000"]);
    const { owner, pids } = await startOwned("1", { JPY_PARENT_PID: String(other.pid) });
    other.kill("SIGKILL");
    await untilGone(...pids);
    expect(isAlive(owner)).toBe(true);
    process.kill(owner, "SIGKILL");
  });

  test("the parent's own death ends its child", async () => {
    const kernel = await start();
    const pid = await childPid(kernel);
    kernel.start("while (true) {}");
    kernel.process.kill("SIGKILL");
    await untilGone(pid);
  });
});

describe("a kernel that cannot start", () => {
  test.each([
    ["no such file", undefined, "ENOENT"],
    ["no JSON", "{", "found no JSON object"],
  ])("says why: %s", async (_, text, complaint) => {
    const kernel = await start();
    const path = join(kernel.folder, "bad.json");
    if (text !== undefined) writeFileSync(path, text);
    const child = spawn(process.execPath, [kernelMain, path], { stdio: ["ignore", "ignore", "pipe"] });
    let stderr = "";
    child.stderr.on("data", (chunk) => (stderr += chunk));
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(stderr).toContain(complaint);
  });

  test("ends when its ports are taken", async () => {
    const kernel = await start();
    const path = join(kernel.folder, "connection.json");
    const child = spawn(process.execPath, [kernelMain, path], { stdio: ["ignore", "ignore", "pipe"] });
    const [code] = await once(child, "close");
    expect(code).toBe(1);
    expect(await kernel.value("1")).toBe("1");
  });
});
