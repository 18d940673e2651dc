// A planned simulation, carried out over whatever an endpoint keeps of it. Window after window: call what is not recorded yet, say
// the truths, score. All that it knows stands in the records, so it may be killed between any two lines.
import { setTimeout as wait } from "node:timers/promises";
import { ServerError } from "../core/request-json.ts";
import type { DelayedMetricsItem } from "../serving/track-delayed-metrics.ts";
import type { CallEndpoint } from "./call-endpoint.ts";
import { inTurn } from "./in-turn.ts";
import { patiently } from "./patiently.ts";
import type { PlannedCall } from "./plan-calls.ts";
import { addRecords, adopt, nothingRecorded, type RecordedCall, requestKey, stretchOf } from "./recorded-calls.ts";
import { scoreWindow, type WindowScores } from "./window-scores.ts";

export interface SimulationOptions {
  readonly id: string;
  readonly window: number;
  readonly concurrency: number;
  readonly positive: string;
  readonly threshold: number;
  readonly since?: number;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

export interface SimulationProgress {
  /** Numbers that have been called and their truth tracked, of all. */
  readonly done: number;
  readonly calls: number;
  readonly windows: number;
}

export interface Simulation {
  readonly id: string;
  readonly calls: number;
  /** Calls that this run made; the others were there before. */
  readonly made: number;
  readonly windows: readonly SimulatedWindow[];
}

export interface SimulatedWindow extends WindowScores {
  readonly startTimestampMs: number;
  readonly endTimestampMs: number;
}

/** A server's clock may step back by as much. */
const clockSlackMs = 1000;

export async function runSimulation(
  endpoint: CallEndpoint,
  plan: readonly PlannedCall[],
  options: SimulationOptions,
): Promise<Simulation> {
  const { id, window: size, concurrency, since, onProgress } = options;
  const keys = { id, requests: new Set(plan.map(({ request }) => requestKey(request))) };
  const recorded = nothingRecorded();
  const done = new Set<number>();
  const windows: SimulatedWindow[] = [];
  let made = 0;
  let front: number | undefined;

  const look = async (startMs = since): Promise<void> => {
    for await (const rows of endpoint.read(startMs)) addRecords(recorded, rows, keys);
    for (const call of recorded.calls.keys()) done.add(call);
    requireSamePlan(id, plan, recorded.calls);
  };
  const lookNearby = () => look(front === undefined ? since : front - clockSlackMs);
  const tell = (): void => onProgress?.({ done: done.size, calls: plan.length, windows: windows.length });
  const isPending = ({ call }: PlannedCall): boolean => !done.has(call);

  const adoptStrays = async (calls: readonly PlannedCall[]): Promise<void> => {
    const found = adopt(recorded, calls.filter(isPending), since);
    if (found.length === 0) return;
    const truths = found.map(({ planned, stray }) =>
      truthOf(id, planned, stray.uuid, planned.delayMs + stray.durationMs),
    );
    await endpoint.trackTruths(truths);
    for (const { planned } of found) done.add(planned.call);
    tell();
  };

  const callOne = async (planned: PlannedCall): Promise<void> => {
    const started = performance.now();
    if (planned.delayMs > 0) await wait(planned.delayMs);
    const uuid = await endpoint.call(planned.request);
    await endpoint.trackTruths([truthOf(id, planned, uuid, performance.now() - started)]);
    done.add(planned.call);
    made++;
    tell();
  };

  /** The model's own failures are recorded calls too, and found as such. */
  const callAll = async (calls: readonly PlannedCall[]): Promise<void> => {
    const failure = await inTurn(calls.filter(isPending), callOne, { concurrency, goesOnAfter: isOutcome });
    if (failure === undefined) return;
    await lookNearby();
    await adoptStrays(calls);
    if (calls.some(isPending)) throw failure;
  };

  const score = async (number: number, calls: readonly PlannedCall[]): Promise<SimulatedWindow> => {
    if (calls.some(({ call }) => !recorded.calls.has(call))) await lookNearby();
    if (calls.some(({ call }) => !recorded.calls.has(call))) await look();
    const found = calls.map(({ call }) => requireRecord(id, call, recorded.calls));
    const scores = scoreWindow(found, { ...options, simulation: id, window: number, size });
    const startTimestampMs = Math.min(...found.map(({ startMs }) => startMs));
    let endTimestampMs = Math.max(...found.map(({ endMs }) => endMs));
    if (!recorded.windows.has(number)) {
      while (recorded.stretches.has(stretchOf(startTimestampMs, endTimestampMs))) endTimestampMs++; // one stretch, one window
      const modelDeploymentCrn = found.at(-1)!.deploymentCrn;
      await endpoint.trackWindow({ modelDeploymentCrn, startTimestampMs, endTimestampMs, metrics: { ...scores } });
      recorded.windows.add(number);
      recorded.stretches.add(stretchOf(startTimestampMs, endTimestampMs));
    }
    return { ...scores, startTimestampMs, endTimestampMs };
  };

  await look();
  await adoptStrays(plan);
  for (let at = 0; at < plan.length; at += size) {
    const calls = plan.slice(at, at + size);
    const finish = async (again: boolean): Promise<SimulatedWindow> => {
      if (again) {
        await lookNearby();
        await adoptStrays(calls);
      }
      if (at === 0) await callAll(calls.slice(0, 1)); // the first alone: nothing of ours is older
      await callAll(calls);
      return score(at / size + 1, calls);
    };
    const window = await patiently(finish, () => done.size);
    front = Math.max(front ?? 0, window.endTimestampMs);
    windows.push(window);
    tell();
  }
  return { id, calls: plan.length, made, windows };
}

function truthOf(id: string, { call, truth }: PlannedCall, uuid: string, latencyMs: number): DelayedMetricsItem {
  return {
    predictionUuid: uuid,
    metrics: { simulation: id, call, truth, latency_ms: Math.round(latencyMs * 10) / 10 },
  };
}

/** The model was called and did not manage. */
function isOutcome(error: unknown): boolean {
  return error instanceof ServerError && (error.code === "model_error" || error.code === "timeout");
}

function requireSamePlan(id: string, plan: readonly PlannedCall[], calls: ReadonlyMap<number, RecordedCall>): void {
  for (const [call, { request, truth }] of calls) {
    const planned = plan[call - 1];
    if (planned && requestKey(planned.request) === request && planned.truth === truth) continue;
    throw new RangeError(
      `Cannot go on with simulation ${id}: found its call ${call} made otherwise than planned now, expected the same rows, calls, seed and drift; another id begins anew`,
    );
  }
}

function requireRecord(id: string, call: number, calls: ReadonlyMap<number, RecordedCall>): RecordedCall {
  const found = calls.get(call);
  if (found) return found;
  throw new Error(
    `Cannot score simulation ${id}: found no record of its call ${call}, expected one; do two processes run it, or were records deleted?`,
  );
}
