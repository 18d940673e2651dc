// The server's side of one replica: starts the process, hands it calls, settles their answers, ends it. Decides nothing about
// when to start or replace: that is the reconciler's.
import { type ChildProcess, fork } from "node:child_process";
import type { JsonObject } from "../../lib/contract/signature.ts";
import type { ModelDescription } from "../../lib/contract/symbols.ts";
import { ModelError, NotReadyError } from "../errors.ts";
import { perTick } from "./per-tick.ts";
import type { ReplicaLog } from "./replica-log.ts";
import {
  type AnswerMessage,
  type CallMessage,
  pingId,
  type StartMessage,
  type ThrownMessage,
} from "./replica-messages.ts";

const startTimeoutMs = 60_000;
const pingGraceMs = 1000;

export interface ReplicaOptions {
  /** The compiled replica.ts. */
  readonly entry: string;
  readonly buildFolder: string;
  readonly deploymentCrn: string;
  readonly memoryMb: number;
  readonly env: NodeJS.ProcessEnv;
  readonly log: ReplicaLog;
  /** Silence of this length with work in hand makes a replica suspect. */
  readonly timeoutMs: number;
  /** Once, when the process has ended, ready or not. */
  readonly onEnd: (end: ReplicaEnd) => void;
}

export interface ReplicaEnd {
  readonly wasReady: boolean;
  /** Why, for people. */
  readonly reason: string;
  /** A cell threw: starting it again will throw again. */
  readonly threw: boolean;
}

export interface Answer {
  /** JSON text. */
  readonly response: string;
  readonly metrics: JsonObject;
}

/** One call as its caller waits for it. Settled once. */
export interface Waiting {
  readonly uuid: string;
  readonly request: JsonObject;
  answer(answer: Answer): void;
  fail(error: Error, metrics?: JsonObject): void;
}

export interface Replica {
  readonly pid: number | undefined;
  /** Takes calls: ready, and not suspected to hang. */
  readonly open: boolean;
  /** Calls in hand. */
  readonly busy: number;
  readonly ready: Promise<{ readonly description: ModelDescription; readonly tracked: boolean }>;
  /** @returns its number, to abandon it by */
  call(waiting: Waiting): number;
  /** The caller waits no longer. A replica that is stuck is killed; one that only waits itself goes on. */
  abandon(id: number): void;
  /** Ends when its calls are answered, at the latest after `withinMs`. */
  drain(withinMs: number): Promise<void>;
  kill(): void;
}

export function startReplica(options: ReplicaOptions): Replica {
  const child = forkReplica(options);
  const inHand = new Map<number, Waiting>();
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => child.pid === undefined && resolve());
  });
  let lastId = 0;
  let state: "starting" | "ready" | "suspected" | "ending" = "starting";
  let wasReady = false;
  let startError: ThrownMessage | undefined;
  let threw = false;
  let hung = false;
  let lastHeardAt = performance.now();
  let idle: (() => void) | undefined;
  let verdict: NodeJS.Timeout | undefined; // set while suspected

  const send = perTick<CallMessage>((batch) => {
    if (child.connected) child.send(batch, (error) => error && failBatch(batch));
    else failBatch(batch);
  });

  function failBatch(batch: readonly CallMessage[]): void {
    for (const [id] of batch) settle(id)?.fail(endedError());
  }

  function settle(id: number): Waiting | undefined {
    const waiting = inHand.get(id);
    if (waiting && inHand.delete(id) && inHand.size === 0) idle?.();
    return waiting;
  }

  function call(waiting: Waiting): number {
    if (inHand.size === 0) lastHeardAt = performance.now();
    inHand.set(++lastId, waiting);
    send([lastId, waiting.uuid, waiting.request]);
    return lastId;
  }

  function abandon(id: number): void {
    if (inHand.delete(id) && inHand.size === 0) idle?.();
    if (state !== "ready") return;
    state = "suspected";
    send([pingId, "", {}]);
    const graceMs = Math.max(pingGraceMs, lastHeardAt + options.timeoutMs - performance.now());
    verdict = setTimeout(() => {
      hung = true;
      child.kill("SIGKILL");
    }, graceMs);
  }

  function hear(batch: readonly AnswerMessage[]): void {
    lastHeardAt = performance.now();
    if (state === "suspected") {
      state = "ready";
      clearTimeout(verdict);
    }
    for (const [id, response, metrics, error] of batch) {
      const waiting = settle(id);
      if (!waiting) continue; // a ping, or its caller waits no longer
      if (error) waiting.fail(modelError(error), metrics);
      else waiting.answer({ response: response!, metrics });
    }
  }

  const ready = new Promise<{ description: ModelDescription; tracked: boolean }>((resolve, reject) => {
    const tooLong = setTimeout(() => {
      startError = { message: `did not get ready within ${startTimeoutMs / 1000} s` };
      child.kill("SIGKILL");
    }, startTimeoutMs);
    child.once("message", (message: StartMessage) => {
      clearTimeout(tooLong);
      if (message.state === "failed") {
        startError = message.error;
        threw = true;
        child.kill("SIGKILL");
        return;
      }
      child.on("message", hear);
      wasReady = true;
      if (state === "starting") state = "ready";
      resolve({ description: message.description, tracked: message.tracked });
    });
    const end = (reason: string): void => {
      clearTimeout(tooLong);
      clearTimeout(verdict);
      state = "ending";
      for (const id of [...inHand.keys()]) settle(id)?.fail(endedError());
      reject(new NotReadyError(reason));
      options.log.note(`replica ${child.pid ?? "?"} ${reason}`);
      options.onEnd({ wasReady, reason, threw });
    };
    child.once("exit", (code, signal) => end(reasonOf(code, signal)));
    child.on("error", (error) => child.pid === undefined && end(`did not start: ${error.message}`));
  });
  ready.catch(() => {}); // told by onEnd too

  function reasonOf(code: number | null, signal: string | null): string {
    if (startError) return startError.at ? `${startError.message} (${startError.at.place})` : startError.message;
    if (hung) return `answered nothing for ${options.timeoutMs / 1000} s and was ended`;
    return signal ? `ended by ${signal}` : `ended with exit code ${code}`;
  }

  async function drain(withinMs: number): Promise<void> {
    state = "ending";
    clearTimeout(verdict);
    const tooLong = setTimeout(() => child.kill("SIGKILL"), withinMs);
    if (inHand.size > 0) {
      await Promise.race([ended, new Promise<void>((resolve) => (idle = resolve))]);
    }
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(tooLong);
  }

  return {
    ready,
    call,
    abandon,
    drain,
    kill: () => void child.kill("SIGKILL"),
    get pid() {
      return child.pid;
    },
    get open() {
      return state === "ready";
    },
    get busy() {
      return inHand.size;
    },
  };
}

function forkReplica({ entry, buildFolder, deploymentCrn, memoryMb, env, log }: ReplicaOptions): ChildProcess {
  const child = fork(entry, [buildFolder, deploymentCrn, String(process.pid)], {
    serialization: "json",
    execArgv: [`--max-old-space-size=${memoryMb}`],
    env,
    cwd: buildFolder,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  log.follow(child.stdout!);
  log.follow(child.stderr!);
  return child;
}

function modelError({ message, at }: ThrownMessage): ModelError {
  return new ModelError(message, at);
}

function endedError(): NotReadyError {
  return new NotReadyError("Cannot answer: the replica ended before its answer; call again");
}
