// The replicas of one deployment as calls see them: a free one is found, a bounded queue holds what has to wait, and every call
// ends within its time. Starting and replacing replicas is told to it by the reconciler.
import type { JsonObject, Signature } from "../../lib/contract/signature.ts";
import type { ModelDescription } from "../../lib/contract/symbols.ts";
import { compileSignature } from "../../lib/packaging/signature.ts";
import { BusyError, NotReadyError, TimeoutError } from "../errors.ts";
import type { CallLimits } from "../settings.ts";
import type { Answer, Replica, ReplicaEnd, Waiting } from "./replica-process.ts";

export interface PoolOptions {
  readonly limits: CallLimits;
  readonly start: (onEnd: (end: ReplicaEnd) => void) => Replica;
  /** Something the reconciler should look at: a replica is ready or has ended. */
  readonly onChange: () => void;
}

/** What the reconciler decides by. */
export interface PoolState {
  readonly ready: number;
  readonly starting: number;
  /** Starts since one was last ready for a while. */
  readonly failures: number;
  /** Why the last replica ended; empty when none did since all were ready. */
  readonly problem: string;
  /** The build's own code threw at start. */
  readonly threw: boolean;
  /** Milliseconds since 1970 before which no replica is started. */
  readonly startAfter: number;
}

export interface ReplicaPool {
  state(): PoolState;
  description(): ModelDescription;
  /** Replies carry the prediction's uuid. */
  tracked(): boolean;
  /** What is wrong with a request, if anything. */
  complaint(request: JsonObject): string | undefined;
  /** @throws BusyError, NotReadyError, TimeoutError, ModelError */
  call(uuid: string, request: JsonObject): Promise<Answer>;
  startReplica(): void;
  /** So many take no more calls, and end when theirs are answered. */
  endReplicas(count: number): void;
  /** All replicas were ready: what went wrong before is over. */
  settled(): void;
  /** Answers what it has, then ends its replicas. */
  drain(withinMs: number): Promise<void>;
  pids(): number[];
}

/** A call's error carries the metrics tracked before it. */
export interface FailedCall extends Error {
  metrics?: JsonObject;
}

interface Call extends Waiting {
  /** Where it is now. */
  at: { readonly replica: Replica; readonly id: number } | undefined;
  done: boolean;
}

/** A replica that leaves has its calls' time, and a little more, before it is killed. */
const leaveGraceMs = 5000;
/** A replica that lived this long was well: the count of failures begins anew. */
const wellAfterMs = 2000;

export function createReplicaPool({ limits, start, onChange }: PoolOptions): ReplicaPool {
  const replicas = new Map<Replica, { readyAt: number }>(); // readyAt Infinity while starting
  const leaving = new Map<Replica, Promise<void>>();
  const queue: Call[] = [];
  let queued = 0; // calls in the queue that are not done
  let described: ModelDescription = {};
  let tracked = false;
  let check: (request: JsonObject) => string | undefined = () => undefined;
  let signature: Signature | undefined;
  let failures = 0;
  let problem = "";
  let threw = false;
  let startAfter = 0;
  let closing = false;
  let serving = false; // the queue will be looked at this turn

  function call(uuid: string, request: JsonObject): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        call.done = true;
        clearTimeout(timer);
        if (queued > 0) soonServeQueue();
      };
      const call: Call = {
        uuid,
        request,
        at: undefined,
        done: false,
        answer(answer) {
          finish();
          resolve(answer);
        },
        fail(error, metrics) {
          finish();
          reject(metrics ? Object.assign(error, { metrics }) : error);
        },
      };
      const timer = setTimeout(() => expire(call), limits.timeoutMs);
      take(call);
    });
  }

  function take(call: Call): void {
    const replica = freest();
    if (replica && queued === 0) give(call, replica);
    else if (!anyReady()) call.fail(new NotReadyError("Cannot answer: no replica of the model is ready; call again"));
    else if (queued >= limits.queueLength)
      call.fail(new BusyError(`Cannot answer: ${queued} calls wait already; call again`));
    else {
      queue.push(call);
      queued++;
    }
  }

  function give(call: Call, replica: Replica): void {
    call.at = { replica, id: replica.call(call) };
  }

  /** The open replica with the fewest calls in hand, if it can take one more. */
  function freest(): Replica | undefined {
    let best: Replica | undefined;
    for (const replica of replicas.keys()) {
      if (replica.open && replica.busy < (best?.busy ?? limits.replicaConcurrency)) best = replica;
    }
    return best;
  }

  function anyReady(): boolean {
    for (const { readyAt } of replicas.values()) if (readyAt !== Infinity) return true;
    return false;
  }

  function soonServeQueue(): void {
    if (serving) return;
    serving = true;
    setImmediate(serveQueue);
  }

  function serveQueue(): void {
    serving = false;
    while (queued > 0) {
      const replica = freest();
      if (!replica) break;
      const call = queue.shift()!;
      if (call.done) continue;
      queued--;
      give(call, replica);
    }
    if (queued === 0) queue.length = 0;
    else if (!anyReady()) failQueue();
  }

  function failQueue(): void {
    queued = 0;
    for (const call of queue.splice(0)) {
      if (!call.done) call.fail(new NotReadyError("Cannot answer: the model's replicas ended; call again"));
    }
  }

  function expire(call: Call): void {
    if (call.done) return;
    if (call.at) call.at.replica.abandon(call.at.id);
    else queued--;
    call.fail(new TimeoutError(`Cannot answer: found no answer within ${limits.timeoutMs / 1000} s`));
  }

  function startReplica(): void {
    const replica = start((end) => {
      const life = replicas.get(replica);
      replicas.delete(replica);
      if (leaving.delete(replica) || closing) return;
      noteEnd(end, life?.readyAt ?? Infinity);
      serveQueue();
      onChange();
    });
    replicas.set(replica, { readyAt: Infinity });
    replica.ready.then(
      (its) => {
        if (!replicas.has(replica)) return;
        replicas.set(replica, { readyAt: Date.now() });
        describe(its.description, its.tracked);
        serveQueue();
        onChange();
      },
      () => {}, // onEnd tells
    );
  }

  function endReplicas(count: number): void {
    const cost = ([replica, { readyAt }]: [Replica, { readyAt: number }]): number =>
      readyAt === Infinity ? -1 : replica.busy;
    const cheapest = [...replicas].sort((a, b) => cost(a) - cost(b)).slice(0, count);
    for (const [replica] of cheapest) {
      const ended = endReplica(replica, limits.timeoutMs + leaveGraceMs);
      replicas.delete(replica);
      leaving.set(replica, ended);
    }
  }

  function describe(description: ModelDescription, isTracked: boolean): void {
    described = description;
    tracked = isTracked;
    if (description.signature === signature) return;
    signature = description.signature;
    check = signature ? compileSignature(signature) : () => undefined;
  }

  function noteEnd(end: ReplicaEnd, readyAt: number): void {
    const now = Date.now();
    failures = now - readyAt >= wellAfterMs ? 1 : failures + 1;
    problem = end.reason;
    threw = end.threw;
    startAfter = now + backoffMs(failures);
  }

  return {
    call,
    startReplica,
    endReplicas,
    state() {
      const ready = [...replicas.values()].filter(({ readyAt }) => readyAt !== Infinity).length;
      return { ready, starting: replicas.size - ready, failures, problem, threw, startAfter };
    },
    description: () => described,
    tracked: () => tracked,
    complaint: (request) => check(request),
    settled() {
      problem = "";
      threw = false;
    },
    async drain(withinMs) {
      closing = true;
      const until = Date.now() + withinMs;
      while (queued > 0 && anyReady() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
      failQueue();
      const rest = [...replicas.keys()].map((replica) => endReplica(replica, Math.max(0, until - Date.now())));
      await Promise.all([...rest, ...leaving.values()]);
    },
    pids: () => [...replicas.keys(), ...leaving.keys()].flatMap(({ pid }) => pid ?? []),
  };

  function endReplica(replica: Replica, withinMs: number): Promise<void> {
    if (replicas.get(replica)?.readyAt === Infinity) replica.kill();
    return replica.drain(withinMs);
  }
}

/** At once after the first end, then 0.2, 0.4, 0.8 … seconds, at most 30. */
export function backoffMs(failures: number): number {
  return failures <= 1 ? 0 : Math.min(30_000, 100 * 2 ** (failures - 1));
}
