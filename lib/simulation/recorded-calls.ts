// What the records of a model say of one simulation: which of its calls were made, which of its windows were scored, and which
// calls were answered without anyone having said yet what they were. A simulation keeps no other state. Pure.
import type { MetricsRow } from "../contract/prediction.ts";
import type { JsonObject, JsonValue } from "../contract/signature.ts";
import type { PlannedCall } from "./plan-calls.ts";

/** A call of the simulation as it was recorded. */
export interface RecordedCall {
  readonly uuid: string;
  readonly deploymentCrn: string;
  /** Key of what was sent. */
  readonly request: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Of the positive label; undefined when the model failed. */
  readonly probability: number | undefined;
  readonly truth: string;
  /** From the caller's side. */
  readonly latencyMs: number;
}

/** An answered call without a truth. */
export interface StrayCall {
  readonly uuid: string;
  readonly startMs: number;
  readonly durationMs: number;
}

export interface Recorded {
  /** By number. */
  readonly calls: Map<number, RecordedCall>;
  /** Numbers of the windows that have scores. */
  readonly windows: Set<number>;
  /** Start and end of all stretches there are scores of. */
  readonly stretches: Set<string>;
  /** By the key of their request, oldest first. */
  readonly strays: Map<string, StrayCall[]>;
  /** The latest call of anyone. */
  latest: { readonly uuid: string; readonly startMs: number } | undefined;
}

export function nothingRecorded(): Recorded {
  return { calls: new Map(), windows: new Set(), stretches: new Set(), strays: new Map(), latest: undefined };
}

/** Takes in records, in any order and as often as they come. */
export function addRecords(recorded: Recorded, rows: readonly MetricsRow[], simulation: SimulationKeys): void {
  for (const row of rows) {
    if (row.predictionUuid === "") addWindow(recorded, row, simulation.id);
    else addPrediction(recorded, row, simulation);
  }
}

export interface SimulationKeys {
  readonly id: string;
  /** Keys of the requests that the simulation sends. */
  readonly requests: ReadonlySet<string>;
}

export function stretchOf(startMs: number, endMs: number): string {
  return `${startMs} ${endMs}`;
}

/** The same for requests that are equal, in whatever order their keys are. */
export function requestKey(request: JsonValue): string {
  return JSON.stringify(request, (_, value: JsonValue) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/**
 * The strays that are calls of this simulation: answered since it began, with the input that a number sends which is still to be
 * called. Of several that would do, the oldest; each counts once.
 *
 * Where nothing tells when it began, only the latest call of all can be its first.
 *
 * @param sinceMs nothing before it is of this simulation; undefined: not known
 */
export function adopt(
  { calls, strays, latest }: Recorded,
  pending: readonly PlannedCall[],
  sinceMs: number | undefined,
): { readonly planned: PlannedCall; readonly stray: StrayCall }[] {
  const first = Math.min(...[...calls.values()].map(({ startMs }) => startMs));
  const began = sinceMs ?? (calls.size > 0 ? first : undefined);
  const taken = new Set<string>();
  return pending.flatMap((planned) => {
    const stray = strays
      .get(requestKey(planned.request))
      ?.find(
        ({ uuid, startMs }) =>
          !taken.has(uuid) && (began === undefined ? planned.call === 1 && uuid === latest?.uuid : startMs >= began),
      );
    if (!stray) return [];
    taken.add(stray.uuid);
    return [{ planned, stray }];
  });
}

function addWindow(
  { windows, stretches }: Recorded,
  { startTimeStampMs, endTimeStampMs, metrics }: MetricsRow,
  id: string,
) {
  stretches.add(stretchOf(startTimeStampMs, endTimeStampMs));
  if (metrics["simulation"] === id) windows.add(metrics["window"] as number);
}

function addPrediction(recorded: Recorded, row: MetricsRow, { id, requests }: SimulationKeys): void {
  const { predictionUuid: uuid, startTimeStampMs: startMs, metrics } = row;
  if (!recorded.latest || startMs >= recorded.latest.startMs) recorded.latest = { uuid, startMs };
  if (metrics["simulation"] === id) addCall(recorded, row);
  if (metrics["simulation"] !== undefined || metrics["truth"] !== undefined || !isOutcome(row)) return;
  const key = requestKey(row.request ?? null);
  if (!requests.has(key)) return;
  const strays = recorded.strays.get(key) ?? [];
  if (strays.some((stray) => stray.uuid === uuid)) return;
  strays.push({ uuid, startMs, durationMs: row.endTimeStampMs - startMs });
  recorded.strays.set(
    key,
    strays.sort((a, b) => a.startMs - b.startMs),
  );
}

function addCall({ calls, strays }: Recorded, row: MetricsRow): void {
  const { metrics } = row;
  const key = requestKey(row.request ?? null);
  const others = strays.get(key)?.filter(({ uuid }) => uuid !== row.predictionUuid);
  if (others) strays.set(key, others);
  const number = metrics["call"] as number;
  const known = calls.get(number);
  if (known && known.uuid !== row.predictionUuid && known.startMs <= row.startTimeStampMs) return; // the first counts
  calls.set(number, {
    uuid: row.predictionUuid,
    deploymentCrn: row.modelDeploymentCrn,
    request: key,
    startMs: row.startTimeStampMs,
    endMs: row.endTimeStampMs,
    probability: probabilityOf(row),
    truth: String(metrics["truth"]),
    latencyMs: (metrics["latency_ms"] as number | undefined) ?? row.endTimeStampMs - row.startTimeStampMs,
  });
}

/** A reply, or a failure of the model's own; one that was turned away for lack of room is called again. */
function isOutcome({ status }: MetricsRow): boolean {
  return status === 200 || status === 500 || status === 504;
}

function probabilityOf({ status, metrics, response }: MetricsRow): number | undefined {
  if (status !== 200) return undefined;
  const value = metrics["probability"] ?? (response as JsonObject | null | undefined)?.["probability"];
  return typeof value === "number" ? value : undefined;
}
