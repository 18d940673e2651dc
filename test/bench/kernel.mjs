// A raw client over ZeroMQ against our kernel in both modes, stock tslab, and Deno and ipykernel where they are found (CELLWRIGHT_DENO,
// else `deno` on the path or among this project's packages; a Python in CELLWRIGHT_PYTHON), in turn: best of five, so that a noisy
// machine tells all at their best. CELLWRIGHT_BENCH_KERNELS names some of them, CELLWRIGHT_BENCH_RUNS how often each is measured.
import { spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dist, median, root } from "./measure.mjs";
import { benchNbclient, hasNbclient } from "./nbclient.mjs";

const runs = Number(process.env.CELLWRIGHT_BENCH_RUNS ?? 5);
const lines = 10_000;
const tslab = createRequire(import.meta.url)
  .resolve("tslab/package.json")
  .replace("package.json", "bin/tslab");
const python = process.env.CELLWRIGHT_PYTHON;
const chosen = process.env.CELLWRIGHT_BENCH_KERNELS?.split(",");
const finds = (command, args) => spawnSync(command, args, { stdio: "ignore" }).status === 0;

const typescript = {
  loop: "let count = 0;\nfor (let i = 0; i < 1e7; i++) count += i % 7;\ncount",
  print: `for (let i = 0; i < ${lines}; i++) console.log("line " + i);`,
  megabytes: 'console.log("x".repeat(10_000_000))',
  typed: (i) =>
    `interface I${i} { a: number }\nconst v${i}: I${i} = { a: ${i} };\nfunction g${i}(x: number): number { return x + v${i}.a; }`,
  use: (i) => `g${i}(v${i}.a)`,
  object: 'const text = "some text";',
  member: "text.to",
};
const inPython = {
  loop: "count = 0\nfor i in range(10_000_000): count += i % 7\ncount",
  print: `for i in range(${lines}): print("line", i)`,
  megabytes: 'print("x" * 10_000_000)',
  typed: (i) => `class I${i}:\n  a: int = ${i}\nv${i} = I${i}()\ndef g${i}(x: int) -> int: return x + v${i}.a`,
  use: (i) => `g${i}(v${i}.a)`,
  object: 'text = "some text"',
  member: "text.up",
};
const deno = findDeno();
const found = {
  run: { command: (file) => [process.execPath, dist("kernel/host/main.js"), file, "--mode", "run"], code: typescript },
  check: {
    command: (file) => [process.execPath, dist("kernel/host/main.js"), file, "--mode", "check"],
    code: typescript,
  },
  tslab: { command: (file) => [process.execPath, tslab, "kernel", "--config-path", file], code: typescript },
  ...(deno && {
    deno: { command: (file) => [deno, "jupyter", "--kernel", "--conn", file], code: typescript },
  }),
  ...(python &&
    finds(python, ["-c", "import ipykernel"]) && {
      ipykernel: { command: (file) => [python, "-m", "ipykernel_launcher", "-f", file], code: inPython },
    }),
};
const kernels = Object.fromEntries(Object.entries(found).filter(([kind]) => chosen?.includes(kind) ?? true));

/** The program itself: the package's `deno` is a script of Node that starts it, and would count as part of it. */
function findDeno() {
  const named = process.env.CELLWRIGHT_DENO;
  if (named) return named;
  if (finds("deno", ["--version"])) return "deno";
  const { stdout, status } = spawnSync("npx", ["--no-install", "deno", "eval", "console.log(Deno.execPath())"], {
    cwd: root,
    encoding: "utf8",
  });
  return status === 0 ? stdout.trim() : undefined;
}

export async function bench() {
  const best = Object.fromEntries(Object.keys(kernels).map((kind) => [kind, {}]));
  for (let run = 0; run < runs; run++)
    for (const [kind, { command, code }] of Object.entries(kernels))
      for (const [what, value] of Object.entries(await measure(command, code)))
        best[kind][what] =
          what === "arrived" ? Math.max(best[kind][what] ?? 0, value) : Math.min(best[kind][what] ?? Infinity, value);
  const kinds = Object.keys(kernels);
  for (const [kind, ms] of Object.entries(hasNbclient ? benchNbclient(kinds, runs) : {})) best[kind].nbclient = ms;
  const row = (what, key, goal, digits = 1) => ({
    what,
    ...Object.fromEntries(kinds.map((kind) => [kind, best[kind][key]?.toFixed(digits) ?? "–"])),
    ...(best.tslab?.[key] && best.run?.[key] && { "tslab ÷ run": (best.tslab[key] / best.run[key]).toFixed(1) }),
    goal,
  });
  return [
    row("spawn → first cell, ms", "first", "≤ 250 run, ≤ 500 check", 0),
    row("1+1, 1+2, … p50, ms", "trip", "≤ 1.5 run, ≤ 4 check"),
    row("… p99, ms", "worst", "≤ 15"),
    row("a typed cell after 200 cells, ms", "typed", "≤ 2 run, ≤ 6 check"),
    row("a cell that uses other earlier cells, ms", "use", "–"),
    row("completion p50, ms", "complete", "≤ 15"),
    row("loop of 1e7 at the top of a cell, ms", "loop", "≤ 25", 0),
    row("10,000 printed lines, ms", "print", "≤ 100", 0),
    row("… lines that arrived", "arrived", String(lines), 0),
    row("10 MB printed, ms", "megabytes", "≤ 120", 0),
    row(
      "nbclient, 200 cells, ms a cell",
      "nbclient",
      hasNbclient ? "≤ 3" : "≤ 3 (not measured: CELLWRIGHT_PYTHON names no Python with nbclient)",
    ),
    row("idle memory after the first cell, MB", "idle", "≤ 120 run", 0),
  ];
}

async function measure(command, code) {
  const started = performance.now();
  const kernel = await start(command);
  try {
    await kernel.execute("1+1");
    const first = performance.now() - started;
    const idle = kernel.memory();
    const trips = await timesOf(200, (i) => kernel.execute(`1+${i + 1}`));
    const printed = await kernel.execute(code.print);
    const megabytes = (await kernel.execute(code.megabytes)).ms;
    const loop = (await kernel.execute(code.loop)).ms;
    await kernel.execute(code.object);
    const complete = median(await timesOf(50, () => kernel.complete(code.member)));
    const typed = median((await timesOf(220, (i) => kernel.execute(code.typed(i)))).slice(-20));
    const use = median(await timesOf(50, (i) => kernel.execute(code.use(i))));
    const worst = [...trips].sort((a, b) => a - b)[Math.floor(trips.length * 0.99)];
    const spoken = { complete, typed, use, print: printed.ms, arrived: printed.lines, megabytes, loop };
    return { first, trip: median(trips), worst, ...(idle && { idle }), ...spoken };
  } finally {
    kernel.stop();
  }
}

async function timesOf(count, ask) {
  const times = [];
  for (let i = 0; i < count; i++) times.push((await ask(i)).ms);
  return times;
}

/** Of a process and all below it, shared pages counted once; undefined where /proc does not tell. */
function memoryOf(pid) {
  try {
    const children = new Map();
    for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      const parent = Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${name}/stat`, "utf8"))?.[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
    const all = [pid];
    for (const each of all) all.push(...(children.get(each) ?? []));
    const sizes = all.map((each) =>
      Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, "utf8"))?.[1] ?? 0),
    );
    return sizes.reduce((sum, size) => sum + size, 0) / 1024;
  } catch {
    return undefined;
  }
}

async function start(command) {
  const { newConnection, writeConnectionFile } = await import(dist("kernel/protocol/connection-file.js"));
  const { connectChannels } = await import(dist("kernel/protocol/sockets.js"));
  const { encode, decode } = await import(dist("kernel/protocol/wire.js"));
  const { newMessage } = await import(dist("kernel/protocol/message.js"));
  const folder = mkdtempSync(join(tmpdir(), "cellwright-bench-"));
  const file = join(folder, "connection.json");
  const connection = await newConnection();
  writeConnectionFile(file, connection);
  const [program, ...args] = command(file);
  const child = spawn(program, args, { cwd: root, stdio: "ignore" });
  const session = randomUUID();
  const channels = connectChannels(connection, session);
  const waiting = new Map(); // message id → what happens when a message about it comes
  const messageOf = (frames) => {
    try {
      return decode(frames, connection.key).message;
    } catch {
      return undefined; // not of this kernel: another may hold a port of one that was killed
    }
  };
  const listen = async (name) => {
    for await (const frames of channels[name]) {
      const message = messageOf(frames);
      waiting.get(message?.parent_header.msg_id)?.(name, message);
    }
  };
  void listen("iopub");
  void listen("shell");
  const request = (type, content, until) =>
    new Promise((resolve) => {
      const message = newMessage(type, content, { session });
      const sent = performance.now();
      const seen = { reply: false, idle: false, lines: 0 };
      let quiet;
      const end = () => {
        clearTimeout(quiet);
        waiting.delete(message.header.msg_id);
        resolve({ ms: seen.last - sent, lines: seen.lines });
      };
      waiting.set(message.header.msg_id, (name, { header, content: found }) => {
        seen.last = performance.now();
        if (header.msg_type === "stream") seen.lines += found.text.split("\n").length - 1;
        if (header.msg_type === "status" && found.execution_state === "idle") seen.idle = true;
        if (name === "shell") seen.reply = true;
        if (until(seen)) end();
        else if (seen.reply) {
          clearTimeout(quiet);
          quiet = setTimeout(end, 1000); // tslab may lose the idle message: its last message counts
        }
      });
      void channels.shell.send(encode(message, connection.key));
    });
  for (let live = false; !live; ) {
    const info = request("kernel_info_request", {}, ({ reply, idle }) => reply && idle).then(() => true);
    live = await Promise.race([info, new Promise((later) => setTimeout(later, 40, false))]);
  }
  const execute = (code) =>
    request(
      "execute_request",
      { code, silent: false, store_history: true, user_expressions: {}, allow_stdin: false, stop_on_error: true },
      ({ reply, idle }) => reply && idle,
    );
  const stop = () => {
    child.kill("SIGKILL");
    channels.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const complete = (code) =>
    request("complete_request", { code, cursor_pos: code.length }, ({ reply, idle }) => reply && idle);
  return { execute, complete, stop, memory: () => memoryOf(child.pid) };
}
