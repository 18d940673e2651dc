// What a kernel takes of its machine, as Jupyter's clients ask for it (`usage_request`): the protocol's process and the cells' below it.
import { readFileSync } from "node:fs";
import { availableParallelism, freemem, hostname, loadavg, totalmem } from "node:os";
import type { Content } from "../protocol/message.ts";
import { descendantsOf } from "./descendants.ts";

interface Sample {
  readonly atMs: number;
  /** Of all the kernel's processes, in seconds of processor time. */
  readonly cpuSeconds: number;
}

let before: Sample = { atMs: performance.now(), cpuSeconds: 0 };
const ticksPerSecond = 100;

/** Processor use is counted from the last time it was asked for. */
export function usage(): Content {
  const pids = [process.pid, ...descendantsOf(process.pid)];
  const now: Sample = { atMs: performance.now(), cpuSeconds: sum(pids.map(cpuSecondsOf)) };
  const elapsed = Math.max(1, now.atMs - before.atMs) / 1000;
  const percent = (100 * Math.max(0, now.cpuSeconds - before.cpuSeconds)) / elapsed;
  before = now;
  const total = totalmem();
  const available = freemem();
  return {
    status: "ok",
    hostname: hostname(),
    pid: process.pid,
    kernel_cpu: Math.round(percent * 10) / 10,
    kernel_memory: sum(pids.map(memoryOf)),
    cpu_count: availableParallelism(),
    host_cpu_percent: Math.min(100, Math.round((1000 * loadavg()[0]!) / availableParallelism()) / 10),
    host_virtual_memory: { total, available, used: total - available, percent: (100 * (total - available)) / total },
  };
}

/** Bytes in memory; 0 where the system does not tell of another process. */
function memoryOf(pid: number): number {
  if (pid === process.pid) return process.memoryUsage.rss();
  const pages = Number(read(pid, "statm")?.split(" ")[1]);
  return Number.isFinite(pages) ? pages * 4096 : 0;
}

function cpuSecondsOf(pid: number): number {
  const stat = read(pid, "stat");
  if (!stat) return pid === process.pid ? sum(Object.values(process.cpuUsage())) / 1e6 : 0;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

function read(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return undefined; // ended meanwhile, or a system without /proc
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
