// Interrupts and restarts at moments nobody would choose: no client waits for ever, no process is left. CELLWRIGHT_STORM says how many.
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { findKernelspec } from "../../../kernel/client/kernelspecs.ts";
import { startKernel } from "../../../kernel/client/start-kernel.ts";
import { root } from "../../support/cli.ts";

const rounds = Number(process.env["CELLWRIGHT_STORM"] ?? 50);
const timeoutMs = 60_000 + rounds * 2000;
/** Longer than any of it may take, shorter than a person would wait. */
const patienceMs = 20_000;

/** Seeded: the same storm each time. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const cells = [
  "for (;;) spun++;",
  "for (;;) await pause(1);",
  "for (;;) { try { await pause(0) } catch {} }",
  "await new Promise(() => {})",
  "for (;;) await null",
  "(await import('node:child_process')).execSync('sleep 100')",
  "setInterval(() => { for (let i = 0; i < 1e6; i++) spun++; }, 1).unref(); await pause(100_000)",
  "for (;;) console.log('storm')",
  "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "'done at once'",
];
const prelude = "let spun = 0; const pause = (ms: number) => new Promise((r) => setTimeout(r, ms));";

function isAlive(pid: number): boolean {
  const stat = `/proc/${pid}/stat`;
  return existsSync(stat) && !/\) Z /.test(readFileSync(stat, "utf8"));
}

async function soon<T>(what: string, promise: Promise<T>): Promise<T> {
  const late = new AbortController();
  const limit = sleep(patienceMs, undefined, { signal: late.signal }).then(() => {
    throw new Error(`${what}: no end in ${patienceMs} ms`);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    late.abort();
    limit.catch(() => {});
  }
}

test(
  `${rounds} random interrupts and restarts leave no client waiting and no process behind`,
  async () => {
    const random = createRandom(5);
    const node = process.env["CELLWRIGHT_TEST_NODE"];
    const spec = findKernelspec("cellwright-run");
    const kernel = await startKernel({
      cwd: root,
      env: { ...process.env, NODE_OPTIONS: "", CELLWRIGHT_KERNEL_HISTORY: "off", CELLWRIGHT_KERNEL_OUTPUT_MB: "1" },
      spec: node ? { ...spec, argv: [node, ...spec.argv.slice(1)] } : spec,
    });
    const pids = new Set<number>();
    const notePid = async () => {
      let text = "";
      const cell = kernel.requestExecute({ code: `${prelude} process.pid` });
      cell.onIOPub = ({ header, content }) => {
        const { data } = content as { data?: Record<string, string> };
        if (header.msg_type === "execute_result") text = data!["text/plain"]!;
      };
      await soon("the first cell", cell.done);
      pids.add(Number(text));
    };
    await notePid();
    for (let round = 0; round < rounds; round++) {
      const code = cells[Math.floor(random() * cells.length)]!;
      const cell = kernel.requestExecute({ code });
      let said = "";
      cell.onIOPub = ({ header, content }) => {
        const { name, text } = content as { name?: string; text?: string };
        if (header.msg_type === "stream" && name === "stderr") said += text;
      };
      const ended = cell.done.then(
        ({ content }) => {
          // The process that ran the cell is to live: what it said last tells why it did not.
          if (content.status === "error" && content.ename === "KernelDied")
            throw new Error(`round ${round}: ${code}: ${content.evalue}\n${said}`);
          return content.status;
        },
        () => "restarted",
      );
      await sleep(random() * 40);
      if (random() < 0.1) {
        await soon(`restart while ${code}`, kernel.restart());
        expect(await soon(`the cell that was restarted: ${code}`, ended)).toMatch(/restarted|ok|error/);
        await notePid();
        continue;
      }
      // An interrupt that comes before the cell has begun has nothing to end: ask again, as a user would.
      const again = async () => {
        for (let tries = 0; tries < 40; tries++) {
          await soon(`interrupt of ${code}`, kernel.interrupt());
          if ((await Promise.race([ended, sleep(250 + random() * 250)])) !== undefined) return;
        }
      };
      await again();
      expect(await soon(`round ${round}: ${code}`, ended)).toMatch(/ok|error/);
    }
    expect((await soon("a last cell", kernel.requestExecute({ code: "1" }).done)).content.status).toBe("ok");
    await kernel.shutdown();
    while ([...pids].some(isAlive)) await sleep(20);
  },
  timeoutMs,
);
