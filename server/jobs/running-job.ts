// One attempt under way: its process, log, progress and time limit, written down as it goes, until it has an outcome. Which
// outcome a process's end means is decided purely.
import { existsSync } from "node:fs";
import type { RunEvent } from "../../kernel/runner/events.ts";
import type { JobCell, JobFailure } from "../../lib/contract/job.ts";
import type { Command } from "./command.ts";
import { follow, noProgress, type Progress, plain } from "./progress.ts";
import type { RunLog } from "./run-log.ts";
import { type ProcessEnd, type RunProcess, startRunProcess } from "./run-process.ts";
import type { RunProgressRow } from "./transactions.ts";

/** Why a process was asked to end: by somebody, by its time limit, because the server goes, or because the run is not ours. */
export type EndReason = "stop" | "timeout" | "shutdown" | "lost";

export interface RunningJob {
  readonly pid: number | undefined;
  /** Asks the process to end; the first reason counts. */
  end(reason: EndReason): void;
  readonly outcome: Promise<Outcome>;
  progress(): RunProgressRow;
}

export interface Outcome {
  /** `interrupted`: no outcome, to be queued again. */
  readonly status: "succeeded" | "failed" | "timed_out" | "stopped" | "interrupted";
  readonly failure?: JobFailure;
}

export interface RunningJobOptions {
  readonly command: Command;
  readonly env: NodeJS.ProcessEnv;
  readonly watcher: string;
  readonly log: RunLog;
  readonly timeoutSeconds: number | null;
  readonly clock: () => number;
  readonly onCell: (cell: JobCell) => void;
  /** Something of `progress()` changed. */
  readonly onProgress: () => void;
}

/** For a cell to be interrupted and the notebook to be kept. */
const graceMs = 8000;
const lastWordsCharacters = 2000;

export function startRunningJob(options: RunningJobOptions): RunningJob {
  const { command, env, watcher, log, timeoutSeconds, clock } = options;
  let progress = noProgress;
  let reason: EndReason | undefined;
  let words = "";

  const hear = (event: RunEvent): void => {
    const heard = follow(progress, event, clock());
    progress = heard.progress;
    if (event.type === "cell-output" && event.text !== "") log.write(endingLine(plain(event.text), event.kind));
    if (heard.cell) options.onCell(heard.cell);
    if (event.type !== "cell-output") options.onProgress();
  };
  const child: RunProcess = startRunProcess({
    ...command,
    env,
    watcher,
    onEvent: hear,
    onOutput(text) {
      words = (words + text).slice(-lastWordsCharacters);
      log.write(plain(text));
    },
  });

  function end(why: EndReason): void {
    reason ??= why;
    if (why === "lost") child.kill();
    else child.interrupt(graceMs);
  }

  const limit = timeoutSeconds === null ? undefined : setTimeout(() => end("timeout"), timeoutSeconds * 1000);
  const outcome = child.ended.then((ended) => {
    clearTimeout(limit);
    return outcomeOf({ ended, reason, progress, words: plain(words), timeoutSeconds });
  });
  return {
    pid: child.pid,
    end,
    outcome,
    progress: () => ({
      cells: progress.cells.length,
      ran: progress.ran,
      current: progress.current ? JSON.stringify(progress.current) : null,
      cell_states: JSON.stringify(progress.cells),
      has_notebook: command.notebook !== undefined && existsSync(command.notebook) ? 1 : 0,
      log_bytes: log.bytes,
    }),
  };
}

export interface EndedAttempt {
  readonly ended: ProcessEnd;
  readonly reason: EndReason | undefined;
  readonly progress: Progress;
  /** What it printed last. */
  readonly words: string;
  readonly timeoutSeconds: number | null;
}

/** A process that got through before its end was asked for has succeeded, whatever was asked. */
export function outcomeOf({ ended, reason, progress, words, timeoutSeconds }: EndedAttempt): Outcome {
  if (ended.code === 0 && (progress.ended ?? "ok") === "ok") return { status: "succeeded" };
  if (reason === "shutdown" || reason === "lost") return { status: "interrupted" };
  const cell = progress.failure?.cell;
  const place = { ...(cell !== undefined && { cell }) };
  if (reason === "stop")
    return { status: "stopped", failure: { ...place, name: "Stopped", message: "it was stopped" } };
  if (reason === "timeout") {
    const message = `it had run for ${timeoutSeconds} s, its time limit`;
    return { status: "timed_out", failure: { ...place, name: "Timeout", message } };
  }
  if (progress.failure && progress.ended !== "cancelled") return { status: "failed", failure: progress.failure };
  return { status: "failed", failure: { ...place, name: "ProcessEnded", message: endInWords(ended, words) } };
}

function endInWords({ code, signal, problem }: ProcessEnd, words: string): string {
  if (problem !== undefined) return `it could not be started: ${problem}`;
  const end = signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`;
  const last = words.trimEnd().split("\n").slice(-8).join("\n");
  return last === "" ? end : `${end}\n${last}`;
}

/** Streams come as they were printed; what a cell shows is a line of its own. */
function endingLine(text: string, kind: "stdout" | "stderr" | "display" | "result" | "error"): string {
  return kind === "stdout" || kind === "stderr" || text.endsWith("\n") ? text : `${text}\n`;
}
